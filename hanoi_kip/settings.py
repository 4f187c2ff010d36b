"""One settings module. Every value that differs between machines comes from the environment and is
explained in `.env.example`; no other file of the site reads the environment."""

import sys
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from redis.backoff import NoBackoff
from redis.retry import Retry

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- who and where ----------------------------------------------------------------------------------
DEBUG = env.bool("KIP_DEBUG", default=False)
SECRET_KEY = env.str("KIP_SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("KIP_OLD_SECRET_KEYS", default=[])
ALLOWED_HOSTS = env.list("KIP_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env.str("KIP_SITE_URL", default="http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("KIP_TRUSTED_ORIGINS", default=[])
LOAD_DEMO = env.bool("KIP_DEMO", default=False)
ACCOUNTS_FILE = env.str("KIP_ACCOUNTS_FILE", default="")
VERSION = "0.1.0"
# The number pattern of a dossier: agency code of the one-stop desk (data, not law; docs/adr/0005).
DOSSIER_AGENCY_CODE = env.str("KIP_AGENCY_CODE", default="H26.12")

# --- rooms, from left to right (docs/adr/0001) -------------------------------------------------------
ROOMS = [
    "core",
    "reference",
    "accounts",
    "signing",
    "ledger",
    "mail",
    "enterprises",
    "products",
    "programme",
    "registry",
    "certificates",
    "public",
    "api",
    "honours",
    "dossiers",
    "onestop",
    "exchange",
    "evaluations",
    "analysis",
    "meetings",
    "decisions",
    "demo",
    "hanoi_kip",
]
INSTALLED_APPS = [
    *ROOMS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionRules",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "hanoi_kip.urls"
WSGI_APPLICATION = "hanoi_kip.wsgi.application"
FORM_RENDERER = "core.forms.PageRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "core.templatetags.ui",
                "core.templatetags.charts",
                "accounts.templatetags.access",
                "django.templatetags.i18n",
                "django.templatetags.l10n",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.site",
            ],
        },
    }
]

# --- data --------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"].update(ATOMIC_REQUESTS=False, CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
    "options", "-c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("KIP_CACHE_URL"),
        # A dead cache makes the site slower by half a second, not by the client's own patience.
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "retry": Retry(NoBackoff(), 0)},
    }
}
MEDIA_ROOT = env.path("KIP_MEDIA_ROOT", default=str(BASE_DIR / "media"))()
MAX_UPLOAD_BYTES = 25 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
# Where ClamAV's daemon listens: tcp://host:3310 or unix:///path; empty: files are not scanned, and pages say so.
CLAMD = env.str("KIP_CLAMD", default="")

# --- people ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "accounts:home"
LOGOUT_REDIRECT_URL = "public:home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "mail.adapter.AccountAdapter"  # letters about accounts go through the outbox
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Failed sign-ins and codes count together, by person and by address; the rest is asked for rarely.
ACCOUNT_RATE_LIMITS = {
    "login_failed": env.str("KIP_SIGN_IN_LIMIT", default="60/m/ip,5/5m/key"),
    "reset_password": env.str("KIP_RESET_LIMIT", default="20/h/ip,5/h/key"),
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "register_address": env.str("KIP_REGISTER_LIMIT", default="60/h/ip,5/h/key"),
    "register_code": "60/h/ip,20/h/key",
}
ACCOUNT_SESSION_REMEMBER = False
PASSWORD_RESET_TIMEOUT = 30 * 60
# Signed out after a pause; staff, council and IT officer, and everybody else (accounts/middleware.py).
STAFF_IDLE_MINUTES = env.int("KIP_STAFF_IDLE_MINUTES", default=30)
IDLE_MINUTES = env.int("KIP_IDLE_MINUTES", default=120)
MFA_ADAPTER = "accounts.second_factor.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # a phone's clock is half a minute off, a hand is slow
MFA_ALLOW_UNVERIFIED_EMAIL = True
# The identity of an organisation (OpenID Connect): with these three settings its button appears.
OIDC_NAME = env.str("KIP_OIDC_NAME", default="")
OIDC_ISSUER = env.str("KIP_OIDC_ISSUER", default="")
OIDC_CLIENT_ID = env.str("KIP_OIDC_CLIENT_ID", default="")
OIDC_SECRET = env.str("KIP_OIDC_SECRET", default="")
OIDC_SCOPE = env.str("KIP_OIDC_SCOPE", default="openid profile email").split()
OIDC_TAX_CODE_CLAIM = env.str("KIP_OIDC_TAX_CODE_CLAIM", default="tax_code")
OIDC_ORGANISATION_CLAIM = env.str("KIP_OIDC_ORGANISATION_CLAIM", default="organisation")
OIDC_REPRESENTATIVE_CLAIM = env.str("KIP_OIDC_REPRESENTATIVE_CLAIM", default="representative")
SOCIALACCOUNT_ADAPTER = "accounts.identity.IdentityAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("KIP_PROXY_COUNT", default=0)
# A demonstration without a mail server keeps its letters where a page shows them (mail/backends.py).
EMAIL_HOST = env.str("KIP_EMAIL_HOST", default="")
EMAIL_BACKEND = (
    "mail.backends.DemoMailbox" if LOAD_DEMO and not EMAIL_HOST else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST = EMAIL_HOST or "localhost"
EMAIL_PORT = env.int("KIP_EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("KIP_EMAIL_USER", default="")
EMAIL_HOST_PASSWORD = env.str("KIP_EMAIL_PASSWORD", default="")
EMAIL_USE_TLS, EMAIL_USE_SSL = {"none": (False, False), "starttls": (True, False), "tls": (False, True)}[
    env.str("KIP_EMAIL_TLS", default="none")
]
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.str("KIP_EMAIL_FROM", default="kip@example.gov.vn")
REPLY_EMAIL = env.str("KIP_EMAIL_REPLY", default="") or DEFAULT_FROM_EMAIL

# --- language ----------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
# Django's own `vi` formats read 05/03/2026 as 3 May; ours do not (tests/core/test_formats.py).
FORMAT_MODULE_PATH = ["core.formats"]

# --- static files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.path("KIP_STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))()
TESTING = "pytest" in sys.modules
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# --- headers -----------------------------------------------------------------------------------------
# KIP_INSECURE_HTTP=1 is for one machine without TLS (`make run`); production leaves it off.
INSECURE_HTTP = env.bool("KIP_INSECURE_HTTP", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_HTTP
SESSION_COOKIE_HTTPONLY = True
# __Host-: only from this very host over TLS; no neighbour can plant one.
SESSION_COOKIE_NAME = "kip-session" if INSECURE_HTTP else "__Host-kip-session"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 10
SECURE_SSL_REDIRECT = not INSECURE_HTTP
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE_HTTP
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- work in the background (each reason: docs/adr/0003-work-that-matters-is-a-row.md) ----------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True  # nothing to lose: the job row holds the outcome
CELERY_TASK_ACKS_LATE = True  # the bell rings again; harmless because of the job table
CELERY_TASK_REJECT_ON_WORKER_LOST = False  # no message loops: the table retries, with a limit
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_DISABLE_PREFETCH = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_WORKER_MAX_TASKS_PER_CHILD = 100  # WeasyPrint leaks a little
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0.2, "interval_max": 0.2}
CELERY_VISIBILITY_TIMEOUT = 120
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "health_check_interval": 10,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": 120}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "wake the workers": {"task": "core.tasks.sweep", "schedule": 10.0},
    "sweep unfinished uploads": {"task": "dossiers.tasks.sweep_uploads", "schedule": 3600.0},
    "remind of supplements": {"task": "dossiers.tasks.remind", "schedule": 3600.0},
    # 02:15 in Hanoi; once a day is enough, a run that is missed is told by `manage.py doctor`.
    "recompute the results": {"task": "evaluations.tasks.check_results", "schedule": crontab(hour=19, minute=15)},
}
JOB_LEASE_SECONDS = env.int("KIP_JOB_LEASE_SECONDS", default=10)

# --- machines ----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": env.str("KIP_API_LIMIT", default="600/min")},
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Hanoi KIP Registry API",
    "DESCRIPTION": "Recognised key industrial products of Hanoi, their enterprises, seasons and "
    "certificates. Read-only, no key needed.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("KIP_LOG_LEVEL", default="WARNING")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- signing ----------------------------------------------------------------------------------------
# Keys in files, roots, and lists of revoked certificates (docs/adr/0020).
SIGNING_KEY_FOLDER = env.path("KIP_SIGNING_KEY_FOLDER", default=str(BASE_DIR / "keys"))()
SIGNING_KEY_PASSWORD = env.str("KIP_SIGNING_KEY_PASSWORD", default="")
# Roots that a signer's certificate must reach; PEM, one after the other.
SIGNING_ROOTS = env.str("KIP_SIGNING_ROOTS", default="") or str(Path(SIGNING_KEY_FOLDER) / "roots.pem")
# Demonstration keys sign only where this is on.
SIGNING_ALLOW_DEMO = env.bool("KIP_SIGNING_ALLOW_DEMO", default=LOAD_DEMO or TESTING)
# B-B: signature; B-T: and a time stamp; B-LT: and revocation data; B-LTA: and an archive time stamp.
SIGNING_LEVEL = env.str("KIP_SIGNING_LEVEL", default="B-B")
# RFC 3161: address of a time stamp authority; "demo": the demonstration's own; empty: none.
SIGNING_TIME_STAMP = env.str("KIP_SIGNING_TIME_STAMP", default="")
SIGNING_TIME_STAMP_ROOTS = env.str("KIP_SIGNING_TIME_STAMP_ROOTS", default="")  # empty: those of the signers
SIGNING_TOKEN_LIBRARY = env.str("KIP_SIGNING_TOKEN_LIBRARY", default="")
SIGNING_TOKEN_LABEL = env.str("KIP_SIGNING_TOKEN_LABEL", default="")
SIGNING_TOKEN_PIN = env.str("KIP_SIGNING_TOKEN_PIN", default="")
SIGNING_REMOTE_URL = env.str("KIP_SIGNING_REMOTE_URL", default="").rstrip("/")
SIGNING_REMOTE_TOKEN = env.str("KIP_SIGNING_REMOTE_TOKEN", default="")
SIGNING_REMOTE_SECONDS = env.int("KIP_SIGNING_REMOTE_SECONDS", default=10)
