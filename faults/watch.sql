-- The campaign's witness: lives in the campaign's own databases only. A pool process calls itself "kip-<pid>", and a
-- lease names the pid of its holder, so the row tells whether whoever ended a job held it.
CREATE TABLE faults_seen (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    job_id bigint NOT NULL,
    what text NOT NULL
);

CREATE FUNCTION faults_watch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    holder text := 'kip-' || substring(OLD.lease_owner FROM '[0-9]+$');
BEGIN
    IF OLD.state = 'done' THEN
        INSERT INTO faults_seen (job_id, what) VALUES (OLD.id, 'changed after it was done');
    ELSIF NEW.state = 'done' AND OLD.state <> 'running' THEN
        INSERT INTO faults_seen (job_id, what) VALUES (OLD.id, 'ended while nobody held it');
    ELSIF NEW.state = 'done' AND holder IS DISTINCT FROM current_setting('application_name') THEN
        INSERT INTO faults_seen (job_id, what) VALUES (OLD.id, 'ended by another than its holder');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER faults_watch AFTER UPDATE ON core_job FOR EACH ROW EXECUTE FUNCTION faults_watch();
