#!/usr/bin/env python3
"""Checks the public log of the Hanoi KIP Registry without trusting the registry. Python 3.9 or newer, nothing else;
signatures and time stamps are checked where the command `openssl` is present.

    python3 check_log.py FOLDER_OR_ADDRESS          everything that is published there
    python3 check_log.py ... --kept roots.json      and that nothing was changed since you kept this copy
    python3 check_log.py ... --entry HASH           and that this entry is in the log
    python3 check_log.py ... --proof proof.json     and that this proof holds (the entries are then not read)

Exit code 0: everything that was checked holds. 1: something does not, or could not be read.

Signatures: a root without one counts when a later, signed root names it. Where keys are published, the newest root has
to be signed: otherwise anybody could have written the end. A root that you kept has to have kept signature and stamp.
Only a copy that you kept tells of roots that were taken away from the end.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from datetime import date, timedelta
from pathlib import Path

PAGE = 50_000
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
P256_INFO = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
ENGLISH = """\
roots: {n} daily roots, {first} to {last}, over {size} entries.
no_roots: No root is published yet: there is nothing to check.
orphans: {n} entries are published, but no root over them.
chain: Every root names the one before it; no day is missing.
bad_hash: The statement of {day} was altered: its hash is another.
bad_previous: The root of {day} does not name the one before it.
gap: The root of {day} is missing.
shrinks: The root of {day} covers fewer entries than the day before.
recomputed: All {n} roots come out of the {size} entries: each day begins with all days before it, unchanged.
differs: The root of {day} does not come out of the entries 1 to {size}. {good}
good: Up to {day} (entry {size}) all is well.
short: {n} entries are published, but the root of {day} covers {size}: the end was cut off.
bad_line: Line {n} of leaves.txt is not a hash.
kept: All {n} roots that you kept are still published, unchanged.
kept_gone: The root of {day} that you kept is not published any more.
kept_differs: The root of {day} is not the one that you kept.
kept_bare: The root of {day} that you kept bore a signature or a time stamp; the published one lost it.
entry: The entry is in the log, number {n}.
no_entry: The entry is not in the log.
proof: The proof holds: entry {n} is in the log under the root of {day}.
bad_proof: The proof does not lead to the root it names.
event: The event in the file is the one of entry {n}.
bad_event: The event in the file is not the one of entry {n}.
proof_root: The root of {day} that the proof names is not the published one.
signed: {n} signatures (ES256) hold; key {keys}.
bad_signature: The signature of {day} does not hold ({why}).
unsigned: {n} roots are not signed: {days}.
unsigned_end: The newest root, of {day}, is not signed, though keys are published: anybody could have written it.
no_openssl: Signatures and time stamps were not checked: openssl is not installed.
stamped: {n} time stamps (RFC 3161) hold.
bad_stamp: The time stamp of {day} does not hold.
unstamped: {n} roots bear no time stamp: {days}.
no_tsa: {n} time stamps were not checked: give the roots of the authority with --tsa-roots FILE.
unreadable: {name} cannot be read: {why}
no_list: it holds no list of roots
bad_size: its size is not that of the newest root
bad_root: root number {n} is not written as a root is
none_kept: no root is in it
nothing: Nothing was checked.
holds: The log holds.
broken: The log does NOT hold.
"""
VIETNAMESE = """\
roots: {n} mã gốc theo ngày, từ {first} đến {last}, gồm {size} mục.
no_roots: Chưa công bố mã gốc nào: chưa có gì để kiểm tra.
orphans: Có {n} mục được công bố nhưng không có mã gốc nào gồm các mục đó.
chain: Mỗi mã gốc ghi đúng mã trước nó; không thiếu ngày nào.
bad_hash: Bản công bố ngày {day} đã bị sửa: mã băm không khớp.
bad_previous: Mã gốc ngày {day} không ghi đúng mã trước nó.
gap: Thiếu mã gốc ngày {day}.
shrinks: Mã gốc ngày {day} gồm ít mục hơn ngày trước đó.
recomputed: Tính lại từ {size} mục ra đúng cả {n} mã gốc: mỗi ngày giữ nguyên toàn bộ các ngày trước.
differs: Tính lại từ các mục 1 đến {size} không ra mã gốc ngày {day}. {good}
good: Đến ngày {day} (mục {size}) vẫn đúng.
short: Chỉ công bố {n} mục, nhưng mã gốc ngày {day} gồm {size} mục: phần cuối đã bị cắt.
bad_line: Dòng {n} của leaves.txt không phải mã băm.
kept: Cả {n} mã gốc bạn đã lưu vẫn được công bố, không thay đổi.
kept_gone: Mã gốc ngày {day} bạn đã lưu không còn được công bố.
kept_differs: Mã gốc ngày {day} khác với mã bạn đã lưu.
kept_bare: Mã gốc ngày {day} bạn đã lưu có chữ ký hoặc dấu thời gian; bản đang công bố đã mất.
entry: Mục này có trong nhật ký, số thứ tự {n}.
no_entry: Mục này không có trong nhật ký.
proof: Bằng chứng đúng: mục số {n} có trong nhật ký theo mã gốc ngày {day}.
bad_proof: Bằng chứng không dẫn đến mã gốc mà nó ghi.
event: Sự kiện trong tệp đúng là sự kiện của mục {n}.
bad_event: Sự kiện trong tệp không phải sự kiện của mục {n}.
proof_root: Mã gốc ngày {day} ghi trong bằng chứng không phải mã đã công bố.
signed: {n} chữ ký (ES256) đúng; khóa {keys}.
bad_signature: Chữ ký ngày {day} không đúng ({why}).
unsigned: {n} mã gốc không có chữ ký: {days}.
unsigned_end: Mã gốc mới nhất, ngày {day}, không có chữ ký dù đã công bố khóa: ai cũng có thể đã viết ra nó.
no_openssl: Chưa kiểm tra chữ ký và dấu thời gian: máy không có openssl.
stamped: {n} dấu thời gian (RFC 3161) đúng.
bad_stamp: Dấu thời gian ngày {day} không đúng.
unstamped: {n} mã gốc không có dấu thời gian: {days}.
no_tsa: Chưa kiểm tra {n} dấu thời gian: cần chứng thư gốc của đơn vị cấp, --tsa-roots FILE.
unreadable: Không đọc được {name}: {why}
no_list: trong đó không có danh sách mã gốc
bad_size: số mục ghi trong đó không phải của mã gốc mới nhất
bad_root: mã gốc thứ {n} không đúng cách viết
none_kept: trong đó không có mã gốc nào
nothing: Chưa kiểm tra được gì.
holds: Nhật ký đúng, không bị sửa.
broken: Nhật ký KHÔNG đúng.
"""


class Unreadable(Exception):
    """The file and why: a sentence of ours by its name, or words of the system; then the values of the sentence."""


class Report:
    def __init__(self, vietnamese: bool) -> None:
        lines = (VIETNAMESE if vietnamese else ENGLISH).splitlines()
        self.words, self.faults = dict(line.split(": ", 1) for line in lines), 0
        self.held = 0

    def text(self, name: str, /, **values: object) -> str:
        return self.words[name].format(**values)

    def say(self, mark: str, name: str, /, **values: object) -> None:
        self.faults += mark == "!!"
        self.held += mark == "ok"
        sys.stdout.write(f"[{mark}] {self.text(name, **values)}\n")


class Source:
    """A folder, or the address of the log."""

    def __init__(self, where: str) -> None:
        self.where = where.rstrip("/")
        self.is_address = where.startswith(("https://", "http://"))

    def text(self, name: str, query: str = "") -> str:
        try:
            if not self.is_address:
                return (Path(self.where) / name).read_text(encoding="utf-8")
            with urllib.request.urlopen(f"{self.where}/{name}{query}", timeout=60) as answer:  # noqa: S310
                return answer.read().decode("utf-8")
        except (OSError, ValueError) as error:
            raise Unreadable(name, str(error)) from error

    def json(self, name: str) -> dict:
        return parsed(name, self.text(name))

    def leaves(self, size: int) -> list[str]:
        if not self.is_address:
            return self.text("leaves.txt").splitlines()
        found: list[str] = []
        while len(found) < size:
            last = min(len(found) + PAGE, size)
            lines = self.text("leaves.txt", f"?first={len(found) + 1}&last={last}").splitlines()
            if len(lines) > last - len(found):
                return lines  # a plain file server gives the whole file
            found += lines
            if not lines:
                break
        return found


def parsed(name: str, text: str) -> dict:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(name, str(error)) from error
    if not isinstance(value, dict):
        raise Unreadable(name, "no JSON object")
    return value


def roots_in(name: str, document: dict) -> list[dict]:
    """Written as the registry writes them; what they say is not judged here."""
    roots = document.get("roots")
    if not isinstance(roots, list):
        raise Unreadable(name, "no_list")
    for number, one in enumerate(roots, 1):
        if not is_root(one):
            raise Unreadable(name, "bad_root", {"n": number})
    size = document.get("size")
    if type(size) is not int or size != (roots[-1]["statement"]["size"] if roots else 0):
        raise Unreadable(name, "bad_size")
    return roots


def is_root(one: object) -> bool:
    said = one.get("statement") if isinstance(one, dict) else None
    if not isinstance(one, dict) or not isinstance(said, dict):
        return False
    texts = [
        one.get("chainHash"),
        one.get("timeStamp") or "",
        *(said.get(name) for name in ("day", "root", "previous")),
    ]
    if not all(isinstance(text, str) for text in texts) or type(said.get("size")) is not int or said["size"] < 0:
        return False
    try:
        return date.fromisoformat(said["day"]).isoformat() == said["day"]
    except ValueError:
        return False


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def canonical(value: dict) -> bytes:
    """RFC 8785, for what stands in a statement: ASCII names, text and whole numbers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def bare(statement: dict) -> dict:
    return {name: value for name, value in statement.items() if name != "proof"}


def chain_hash(statement: dict) -> str:
    return sha256(canonical(bare(statement))).hex()


def root_of(full: list[bytes]) -> bytes:
    """From the full subtrees, largest first."""
    if not full:
        return sha256(b"")
    found = full[-1]
    for left in full[-2::-1]:
        found = sha256(b"\x01" + left + found)
    return found


def check_chain(roots: list[dict], report: Report) -> None:
    before, faults = None, report.faults
    for one in roots:
        said = one["statement"]
        if chain_hash(said) != one["chainHash"]:
            report.say("!!", "bad_hash", day=said["day"])
        if before:
            expected = date.fromisoformat(before["statement"]["day"]) + timedelta(days=1)
            if said["day"] != expected.isoformat():
                report.say("!!", "gap", day=expected)
            if said["size"] < before["statement"]["size"]:
                report.say("!!", "shrinks", day=said["day"])
        if said["previous"] != (chain_hash(before["statement"]) if before else ""):
            report.say("!!", "bad_previous", day=said["day"])
        before = one
    if report.faults == faults:
        report.say("ok", "chain")


def check_leaves(roots: list[dict], leaves: list[str], report: Report) -> None:
    """Every root anew, in one walk: a later root then begins with the earlier ones by construction."""
    full: list[bytes] = []
    waiting, good = [one["statement"] for one in roots], ""
    for size in range(len(leaves) + 1):
        while waiting and waiting[0]["size"] == size:
            if root_of(full).hex() != waiting[0]["root"]:
                return report.say("!!", "differs", day=waiting[0]["day"], size=size, good=good)
            good = report.text("good", day=waiting[0]["day"], size=size)
            waiting.pop(0)
        if not waiting:
            return report.say("ok", "recomputed", n=len(roots), size=roots[-1]["statement"]["size"])
        if size == len(leaves):
            break
        try:
            entry = bytes.fromhex(leaves[size])
        except ValueError:
            entry = b""
        if len(entry) != 32:
            return report.say("!!", "bad_line", n=size + 1)
        full.append(sha256(b"\x00" + entry))
        rest = size
        while rest & 1:
            right = full.pop()
            full[-1] = sha256(b"\x01" + full[-1] + right)
            rest >>= 1
    return report.say("!!", "short", n=len(leaves), day=waiting[0]["day"], size=waiting[0]["size"])


def check_kept(roots: list[dict], kept: list[dict], report: Report) -> None:
    published, faults = {one["statement"]["day"]: one for one in roots}, report.faults
    for one in kept:
        day = one["statement"]["day"]
        ours = published.get(day)
        if ours is None:
            report.say("!!", "kept_gone", day=day)
        elif chain_hash(ours["statement"]) != chain_hash(one["statement"]):
            report.say("!!", "kept_differs", day=day)
        elif ("proof" in one["statement"] and "proof" not in ours["statement"]) or (
            one.get("timeStamp") and not ours.get("timeStamp")
        ):
            report.say("!!", "kept_bare", day=day)
    if report.faults == faults:
        report.say("ok", "kept", n=len(kept))


def check_entry(wanted: str, leaves: list[str], report: Report) -> None:
    wanted = wanted.strip().lower()
    if wanted in leaves:
        report.say("ok", "entry", n=leaves.index(wanted) + 1)
    else:
        report.say("!!", "no_entry")


def check_proof(roots: list[dict], proof: dict, report: Report) -> None:
    """RFC 9162, 2.1.3.2; the root it leads to has to be a published one."""
    if "event" in proof:
        event_hash = sha256(canonical(proof["event"])).hex()
        made = sha256(bytes.fromhex(proof["salt"]) + event_hash.encode()).hex()
        if made != proof["entry"] or proof["event"]["seq"] != proof["number"]:
            return report.say("!!", "bad_event", n=proof["number"])
        report.say("ok", "event", n=proof["number"])
    under, index = proof["under"], proof["number"] - 1
    last, found = under["size"] - 1, sha256(b"\x00" + bytes.fromhex(proof["entry"]))
    holds = 0 <= index <= last and len(bytes.fromhex(proof["entry"])) == 32
    for text in proof["path"]:
        sibling = bytes.fromhex(text)
        holds = holds and last > 0 and len(sibling) == 32
        if index & 1 or index == last:
            found = sha256(b"\x01" + sibling + found)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            found = sha256(b"\x01" + found + sibling)
        index, last = index >> 1, last >> 1
    if not holds or last != 0 or found.hex() != under["root"]:
        return report.say("!!", "bad_proof")
    if chain_hash(under) not in {chain_hash(one["statement"]) for one in roots}:
        return report.say("!!", "proof_root", day=under["day"])
    return report.say("ok", "proof", n=proof["number"], day=under["day"])


def openssl(*arguments: str) -> bool:
    done = subprocess.run(["openssl", *arguments], capture_output=True, check=False)  # noqa: S603, S607
    return done.returncode == 0


def base58(text: str) -> bytes:
    """64 bytes in multibase: the letter z, then digits, in their one form. Raises ValueError for the rest."""
    if text[:1] != "z":
        raise ValueError("no base58btc")
    number = 0
    for letter in text[1:]:
        number = number * 58 + BASE58.index(letter)
    raw = number.to_bytes(64, "big")
    if len(text) - 1 - len(text[1:].lstrip("1")) != len(raw) - len(raw.lstrip(b"\0")):
        raise ValueError("not the shortest form")
    return raw


def signature_fault(statement: dict, keys: dict, folder: Path) -> str | None:
    """W3C Data Integrity, ecdsa-jcs-2019: ES256 over the hashes of the options and of the statement."""
    proof = statement["proof"]
    named = [one for one in keys.get("verificationMethod", []) if one["id"] == proof["verificationMethod"]]
    if not named or named[0]["id"] not in keys.get("assertionMethod", []):
        return "unknown key"
    created = proof["created"]
    if not named[0]["validFrom"] <= created <= named[0]["expires"] or created > named[0].get("revoked", created):
        return "key not valid at that time"
    if created >= named[0].get("compromisedAt", "9999"):
        return "key compromised"
    raw = base58(proof["proofValue"])
    halves = [raw[:32].lstrip(b"\0"), raw[32:].lstrip(b"\0")]
    halves = [(b"\0" + half if not half or half[0] > 127 else half) for half in halves]
    inner = b"".join(bytes([2, len(half)]) + half for half in halves)
    public = named[0]["publicKeyJwk"]
    point = b"".join(base64.urlsafe_b64decode(public[name] + "=") for name in ("x", "y"))
    pem = base64.encodebytes(P256_INFO + b"\x04" + point).decode()
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    (folder / "key.pem").write_text(f"-----BEGIN PUBLIC KEY-----\n{pem}-----END PUBLIC KEY-----\n")
    (folder / "signature").write_bytes(bytes([0x30, len(inner)]) + inner)
    (folder / "data").write_bytes(sha256(canonical(options)) + sha256(canonical(bare(statement))))
    files = [str(folder / name) for name in ("key.pem", "signature", "data")]
    holds = openssl("dgst", "-sha256", "-verify", files[0], "-signature", files[1], files[2])
    return None if holds else "altered"


def check_signatures(roots: list[dict], keys: dict, report: Report) -> None:
    signed = [one["statement"] for one in roots if "proof" in one["statement"]]
    faults = report.faults
    with tempfile.TemporaryDirectory() as folder:
        for statement in signed:
            try:
                why = signature_fault(statement, keys, Path(folder))
            except (KeyError, ValueError, TypeError, OverflowError) as error:
                why = f"unreadable: {error}"
            if why:
                report.say("!!", "bad_signature", day=statement["day"], why=why)
    if signed and report.faults == faults:
        report.say(
            "ok", "signed", n=len(signed), keys=", ".join(sorted({s["proof"]["verificationMethod"] for s in signed}))
        )


def check_unsigned(roots: list[dict], keys: dict, report: Report) -> None:
    """A later signed root names those before it, so only the newest has to be signed, where there are keys at all."""
    unsigned = [one["statement"]["day"] for one in roots if "proof" not in one["statement"]]
    if unsigned:
        report.say("--", "unsigned", n=len(unsigned), days=some(unsigned))
    if unsigned and unsigned[-1] == roots[-1]["statement"]["day"] and keys.get("verificationMethod"):
        report.say("!!", "unsigned_end", day=unsigned[-1])


def some(days: list[str]) -> str:
    return ", ".join(days[:5]) + (" …" if days[5:] else "")


def token_of(one: dict) -> bytes | None:
    """The stamp as bytes; None for what cannot be one: a stamp is DER and names the hash that it is about."""
    try:
        token = base64.b64decode(one["timeStamp"], validate=True)
    except ValueError:
        return None
    return token if token[:1] == b"\x30" and bytes.fromhex(chain_hash(one["statement"])) in token else None


def check_stamps(roots: list[dict], authority: str | None, report: Report) -> None:
    """Without `authority` only what needs no roots and no openssl."""
    stamped = [one for one in roots if one.get("timeStamp")]
    if not stamped:
        return None
    bare_days = [one["statement"]["day"] for one in roots if not one.get("timeStamp")]
    if bare_days:
        report.say("--", "unstamped", n=len(bare_days), days=some(bare_days))
    faults = report.faults
    with tempfile.TemporaryDirectory() as folder:
        path, root = Path(folder) / "token", Path(folder) / "roots.pem"
        root.write_text(authority or "")
        for one in stamped:
            token, digest = token_of(one), chain_hash(one["statement"])
            path.write_bytes(token or b"")
            # A stamp outlives the certificate that made it: purpose and way to the root count, not today's date.
            asked = ("ts", "-verify", "-digest", digest, "-in", str(path), "-token_in", "-CAfile", str(root))
            if token is None or (authority and not openssl(*asked, "-no_check_time")):
                report.say("!!", "bad_stamp", day=one["statement"]["day"])
    if not authority:
        return report.say("--", "no_tsa", n=len(stamped)) if shutil.which("openssl") else None
    return report.say("ok", "stamped", n=len(stamped)) if report.faults == faults else None


def check(asked: argparse.Namespace, report: Report) -> None:
    source = Source(asked.where)
    roots = roots_in("roots.json", source.json("roots.json"))
    if roots:
        first, last = roots[0]["statement"], roots[-1]["statement"]
        report.say("  ", "roots", n=len(roots), first=first["day"], last=last["day"], size=last["size"])
        check_chain(roots, report)
    else:
        report.say("--", "no_roots")
    if asked.kept:
        kept = roots_in(asked.kept, elsewhere(asked.kept))
        if not kept:
            raise Unreadable(asked.kept, "none_kept")
        check_kept(roots, kept, report)
    if asked.proof:
        check_proof(roots, elsewhere(asked.proof), report)
    else:
        check_entries(roots, source, asked.entry, report)
    if roots:
        check_words(roots, asked, source, report)


def elsewhere(name: str) -> dict:
    return Source(".").json(str(Path(name).absolute()))


def check_entries(roots: list[dict], source: Source, wanted: str | None, report: Report) -> None:
    size = roots[-1]["statement"]["size"] if roots else 0
    leaves = source.leaves(size)
    if roots:
        check_leaves(roots, leaves, report)
    elif leaves:
        report.say("!!", "orphans", n=len(leaves))
    if wanted:
        check_entry(wanted, leaves[:size], report)


def check_words(roots: list[dict], asked: argparse.Namespace, source: Source, report: Report) -> None:
    """Who says so, and since when: signatures and time stamps."""
    keys = elsewhere(asked.keys) if asked.keys else source.json("keys.json")
    check_unsigned(roots, keys, report)
    if shutil.which("openssl") is None:
        report.say("--", "no_openssl")
        return check_stamps(roots, None, report)
    check_signatures(roots, keys, report)
    return check_stamps(roots, _authority(asked, source), report)


def _authority(asked: argparse.Namespace, source: Source) -> str | None:
    if asked.tsa_roots:
        return Source(".").text(str(Path(asked.tsa_roots).absolute()))
    try:
        return source.text("time-stamp-roots.pem") or None
    except Unreadable:
        return None


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("where", metavar="FOLDER_OR_ADDRESS")
    words.add_argument("--kept", metavar="FILE", help="a roots.json that you downloaded earlier")
    words.add_argument("--entry", metavar="HASH", help="64 hexadecimal digits, a line of leaves.txt")
    words.add_argument("--proof", metavar="FILE", help="a proof of one entry, as the site gives it")
    words.add_argument("--keys", metavar="FILE", help="keys.json from elsewhere, not from the place that is checked")
    words.add_argument("--tsa-roots", metavar="FILE", help="root certificates of the time stamp authority (PEM)")
    words.add_argument("--vi", action="store_true", help="nói tiếng Việt")
    asked = words.parse_args()
    report = Report(asked.vi)
    try:
        check(asked, report)
    except Unreadable as error:
        name, why, values = (*error.args, {})[:3]
        report.say("!!", "unreadable", name=name, why=report.text(why, **values) if why in report.words else why)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        report.say("!!", "unreadable", name=asked.where, why=f"{type(error).__name__}: {error}")
    ending = "broken" if report.faults else "holds" if report.held else "nothing"
    sys.stdout.write(report.text(ending) + "\n")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(main())
