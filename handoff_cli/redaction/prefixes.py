"""Tokens that begin with a word of their provider, or say within what they are.

Formats are facts from the providers' own documentation. No pattern is compiled before its beginning is met.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled, stored
from handoff_cli.redaction.index import beginnings_of, know
from handoff_cli.redaction.placeholders import is_masked, is_random

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.redaction.layers import Layer

    Span = tuple[int, int, str]
    Prefix = tuple[str, str, str, int]


ASCII = 256
"""``re.ASCII``: letters of other writings may stand beside a token, and are no part of one."""
_KEY_ID_CHARS = 16
BODY_CLASSES = {
    "upper": r"[0-9A-Z]{16,64}(?![0-9A-Z])",
    "hex": r"[0-9a-fA-F]+",
    "alnum": r"[0-9A-Za-z]+",
    "word": r"[0-9A-Za-z_\-]+",
    "dotted": r"[0-9A-Za-z_\-]+(?:\.[0-9A-Za-z_\-]+)*",
    "checked": r"[0-9A-Za-z+/_\-]+(?:=[0-9A-F]{8}(?![0-9A-Za-z]))?",
    "base64": r"[0-9A-Za-z+/_\-]+={0,3}",
    "asaas": r"(?:prod|hmlg|[A-Za-z0-9]{4})[0-9A-Za-z+/=_:$-]+",
    "uuid": r"[0-9a-f]{8}-[0-9a-f]{4}-[1-7][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])",
}

_PREFIXES = (
    ("anthropic-key", "word", 20, "sk-ant-"), ("openrouter-key", "word", 20, "sk-or-"),
    ("langfuse-key", "word", 20, "sk-lf-"), ("openai-key", "word", 20, "sk-"), ("groq-key", "alnum", 30, "gsk_"),
    ("xai-key", "alnum", 40, "xai-"), ("perplexity-key", "alnum", 30, "pplx-"), ("replicate-token", "alnum", 30, "r8_"),
    ("huggingface-token", "alnum", 30, "hf_ api_org_"), ("nvidia-key", "word", 40, "nvapi-"),
    ("tavily-key", "word", 20, "tvly-"), ("pinecone-key", "word", 40, "pcsk_"), ("langsmith-key", "word", 32, "lsv2_"),
    ("google-key", "word", 35, "AIza AQ.Ab"), ("google-token", "dotted", 20, "ya29."),
    ("google-client-secret", "word", 24, "GOCSPX-"), ("google-refresh-token", "word", 40, "1//0"),
    ("aws-key-id", "upper", 16, "AKIA ASIA ABIA ACCA"), ("aws-bedrock-key", "base64", 100, "ABSK"),
    ("aws-bedrock-key", "base64", 40, "bedrock-api-key-"), ("aws-appsync-key", "alnum", 26, "da2-"),
    ("aws-mws-token", "word", 36, "amzn.mws."), ("github-token", "dotted", 30, "ghp_ gho_ ghu_ ghs_ ghr_"),
    ("github-token", "word", 22, "github_pat_"),
    ("gitlab-token", "dotted", 20, "glpat- gloas- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- glwt- glsoat- glffct-"),
    ("gitlab-token", "word", 20, "GR1348941"), ("atlassian-token", "checked", 40, "ATATT3 ATCTT3"),
    ("bitbucket-token", "alnum", 28, "ATBB"), ("slack-token", "word", 20, "xoxa- xoxb- xoxc-"),
    ("slack-token", "base64", 20, "xoxd-"),
    ("slack-token", "word", 20, "xoxe- xoxe. xoxo- xoxp- xoxr- xoxs- xapp- xwfp-"),
    ("stripe-key", "alnum", 16, "sk_live_ sk_test_"), ("stripe-key", "word", 16, "sk_org_"),
    ("stripe-key", "alnum", 16, "rk_live_ rk_test_"), ("webhook-secret", "base64", 24, "whsec_"),
    ("twilio-key", "hex", 32, "SK"), ("sendgrid-key", "dotted", 40, "SG."), ("npm-token", "alnum", 36, "npm_"),
    ("pypi-token", "word", 50, "pypi-AgE"), ("rubygems-key", "hex", 48, "rubygems_"), ("nuget-key", "alnum", 43, "oy2"),
    ("cargo-token", "alnum", 32, "cio"), ("docker-token", "word", 20, "dckr_pat_ dckr_oat_"),
    ("artifactory-key", "alnum", 60, "AKCp"), ("cloudflare-token", "alnum", 40, "cfk_ cfut_ cfat_"),
    ("cloudflare-origin-key", "word", 140, "v1.0-"), ("digitalocean-token", "hex", 64, "dop_v1_ doo_v1_ dor_v1_"),
    ("heroku-key", "word", 30, "HRKU-"), ("shopify-token", "hex", 32, "shpat_ shpca_ shppa_ shpss_ shptka_"),
    ("square-token", "word", 22, "sq0atp-"), ("square-token", "word", 40, "sq0csp-"),
    ("square-token", "word", 56, "EAAA"), ("facebook-token", "alnum", 90, "EAA"), ("mailgun-key", "alnum", 32, "key-"),
    ("brevo-key", "word", 60, "xkeysib- xsmtpsib-"), ("databricks-token", "word", 32, "dapi"),
    ("linear-key", "alnum", 32, "lin_api_ lin_oauth_"), ("notion-token", "alnum", 40, "ntn_ secret_"),
    ("figma-token", "word", 36, "figd_"), ("postman-key", "word", 50, "PMAK-"), ("doppler-token", "dotted", 40, "dp."),
    ("vault-token", "word", 24, "hvs. hvb. hvr."), ("pulumi-token", "hex", 40, "pul-"),
    ("sentry-token", "base64", 40, "sntrys_"), ("sentry-token", "hex", 60, "sntryu_"),
    ("newrelic-key", "alnum", 27, "NRAK-"), ("grafana-token", "word", 32, "glsa_"),
    ("grafana-token", "base64", 40, "glc_"), ("dynatrace-token", "dotted", 80, "dt0c01."),
    ("supabase-token", "hex", 40, "sbp_"), ("supabase-token", "word", 24, "sb_secret_"),
    ("planetscale-token", "word", 32, "pscale_tkn_ pscale_pw_"), ("netlify-token", "alnum", 36, "nfp_"),
    ("fly-token", "base64", 60, "fm2_"), ("render-key", "alnum", 24, "rnd_"), ("circleci-token", "word", 40, "CCIPAT_"),
    ("buildkite-token", "hex", 40, "bkua_"), ("onepassword-token", "base64", 100, "ops_eyJ"),
    ("age-key", "alnum", 50, "AGE-SECRET-KEY-1"), ("alibaba-key-id", "alnum", 16, "LTAI"),
    ("aws-key-id", "upper", 17, "A3T"), ("readme-key", "alnum", 60, "rdme_"), ("fly-token", "word", 40, "fo1_"),
    ("typeform-token", "word", 40, "tfp_"), ("adafruit-key", "alnum", 26, "aio_"),
    ("hcaptcha-secret", "alnum", 32, "ES_"), ("google-hmac-key", "upper", 20, "GOOG"),
    ("aiven-password", "word", 16, "AVNS_"), ("snyk-token", "dotted", 30, "snyk_uat. snyk_sat."),
    ("datadog-key", "alnum", 32, "ddapi_ ddapp_"), ("honeycomb-key", "alnum", 40, "hcaik_ hcxik_ hcalk_ hcamk_"),
    ("resend-key", "word", 30, "re_"), ("mandrill-key", "word", 22, "md-"), ("trello-token", "alnum", 60, "ATTA"),
    ("canva-secret", "word", 40, "cnvca"), ("mollie-key", "alnum", 30, "live_"),
    ("mapbox-token", "dotted", 60, "sk.eyJ"), ("tinybird-token", "dotted", 60, "p.eyJ"),
    ("cloudflare-tunnel-token", "base64", 100, "eyJhIjoi"),
    ("stytch-secret", "base64", 30, "secret-live- secret-test-"),
    ("tailscale-key", "word", 20, "tskey-auth- tskey-api- tskey-client- tskey-scim- tskey-webhook-"),
    ("octopus-key", "upper", 26, "API-"), ("tencent-key-id", "alnum", 32, "AKID"),
    ("baidu-key", "base64", 40, "bce-v3/ALTAK-"), ("yandex-token", "word", 40, "y0_AgAAAA y0__"),
    ("dropbox-token", "dotted", 60, "sl.u. sl.B"), ("linkedin-secret", "dotted", 24, "WPL_AP1."),
    ("kaggle-token", "hex", 32, "KGAT_"), ("prefect-key", "alnum", 36, "pnu_ pnb_"),
    ("dbt-token", "word", 36, "dbtc_ dbtu_ dbts_"), ("pubnub-key", "word", 36, "sec-c-"),
    ("xata-key", "alnum", 40, "xau_"), ("fauna-key", "word", 36, "fnA"), ("runpod-key", "alnum", 40, "rpa_"),
    ("launchdarkly-key", "uuid", 36, "sdk- api-"), ("wakatime-key", "word", 36, "waka_"),
    ("vercel-token", "word", 36, "vercel_blob_rw_ vcp_ vci_ vck_"), ("wandb-key", "word", 40, "wandb_v1_"),
    ("modal-secret", "alnum", 22, "ak- as-"), ("jina-key", "word", 50, "jina_"),
    ("anyscale-key", "alnum", 20, "esecret_"), ("logfire-token", "word", 30, "pylf_v1_ pylf_v2_"),
    ("braintrust-key", "alnum", 40, "bt-st-"), ("adyen-key", "base64", 100, "AQE"), ("nostr-key", "alnum", 58, "nsec1"),
    ("packagist-token", "hex", 28, "packagist_uut_ packagist_cut_ packagist_ort_ packagist_out_ packagist_ack_ packagist_acs_"),
    ("newrelic-key", "word", 32, "NRII- NRIQ- NRRA- NRAA-"), ("depot-token", "alnum", 40, "depot_project_ depot_org_ depot_user_"),
    ("wallet-key", "alnum", 100, "xprv yprv zprv tprv uprv vprv"), ("retool-key", "alnum", 24, "retool_"),
    ("sumup-key", "alnum", 30, "sup_sk_ sup_tk_"), ("checkly-key", "hex", 32, "cu_"), ("asaas-key", "asaas", 40, "$aact_"),
    ("yandex-key", "word", 20, "YCAJE"), ("yandex-key", "word", 35, "YCM YCN YCO YCP AQVN"), ("trigger-key", "alnum", 20, "tr_pat_ tr_dev_ tr_prod_ tr_stg_"),
    ("svix-token", "dotted", 32, "testsk_"), ("kit-key", "hex", 32, "kit_"), ("permit-key", "alnum", 60, "permit_key_"),
    ("authzed-token", "word", 60, "tc_"), ("crunchy-key", "alnum", 36, "cbkey_"), ("deepsource-token", "hex", 40, "dsp_"),
    ("socket-key", "word", 40, "sktsec_"), ("buildkite-token", "alnum", 40, "bkaj_ bkct_ bkpi_"), ("codesandbox-token", "word", 40, "csb_v1_"),
    ("gitpod-token", "dotted", 40, "gitpod_pat_"), ("honeybadger-token", "alnum", 36, "hbp_"), ("elastic-key", "base64", 40, "essu_"),
    ("firehydrant-key", "hex", 32, "fhb-"), ("brex-token", "alnum", 36, "bxt_"),
    ("akamai-token", "word", 33, "akab-"), ("volcengine-key", "alnum", 40, "AKLT"), ("instagram-token", "word", 100, "IGQV IGAA THAA"),
    ("netbird-token", "alnum", 36, "nbp_"), ("nats-seed", "upper", 55, "SUA SAA SOA SNA SXA SCA"), ("planet-key", "hex", 32, "PLAK"),
    ("supabase-token", "hex", 40, "sbp_v0_"), ("jsr-token", "alnum", 40, "jsrp_ jsrd_"), ("tally-key", "alnum", 30, "tly-"),
    ("n8n-key", "hex", 40, "n8n_api_"), ("openpipe-key", "hex", 40, "opk_"), ("parea-key", "uuid", 36, "pai-"),
    ("promptlayer-key", "hex", 32, "pl_"), ("humanloop-key", "hex", 40, "hl_sk_ hl_pt_"), ("lambda-key", "dotted", 60, "secret_"),
    ("databricks-token", "hex", 32, "dose dkea dapi"), ("materialize-password", "hex", 64, "mzp_"), ("flagsmith-key", "alnum", 22, "ser."),
    ("northflank-token", "alnum", 40, "nf_"), ("novu-key", "alnum", 32, "nv-"), ("coreweave-token", "word", 40, "cw-"),
    ("anthropic-key", "word", 40, "sk-ant-admin01- sk-ant-api03- sk-ant-oat01-"), ("mercury-token", "word", 40, "secret-token:mercury_"),
    ("hashicorp-token", "word", 60, "hvo_secret_"), ("gumroad-key", "alnum", 40, "gumroad_"), ("terraform-token", "word", 60, "tfe-"),
    ("duffel-token", "word", 40, "duffel_live_ duffel_test_"), ("mongodb-atlas-secret", "word", 40, "mdb_sa_sk_"),
    ("artifactory-token", "alnum", 52, "cmVmdGtu"), ("fireworks-key", "alnum", 22, "fw_"), ("cursor-key", "hex", 40, "crsr_"),
    ("cartesia-key", "alnum", 20, "sk_car_"), ("courier-token", "upper", 24, "pk_prod_"), ("chromatic-token", "hex", 14, "chpt_"),
    ("paddle-key", "word", 50, "pdl_live_apikey_ pdl_sdbx_apikey_"), ("context7-key", "uuid", 36, "ctx7sk-"), ("amp-token", "word", 60, "sgamp_user_"),
    ("factory-key", "alnum", 40, "fk-"), ("warp-key", "hex", 60, "wk-1."), ("devin-key", "alnum", 50, "apk_user_ cog_"), ("heygen-key", "alnum", 36, "sk_V2_hgu_"),
    ("luma-key", "word", 60, "luma-"), ("dify-key", "alnum", 24, "app- dataset-"), ("steel-key", "alnum", 60, "ste-"), ("unkey-key", "alnum", 22, "unkey_"),
    ("descope-key", "alnum", 76, "K2"), ("coderabbit-key", "hex", 56, "cr-"), ("workos-key", "base64", 36, "sk_live_ sk_prod_"), ("intercom-token", "base64", 52, "dG9rO"),
    ("arize-key", "word", 60, "ak-"), ("scaleway-key-id", "upper", 17, "SCW"), ("digitalocean-key-id", "upper", 16, "DO00 DO801"),
)  # fmt: skip
"""(kind, class of the body, its least length, prefixes)"""

STORED = "prefixes"
"""The name under which the tables have them."""


def each_and_beginnings() -> tuple[tuple[Prefix, ...], Any]:
    """Return each prefix, its kind, class and least length; and how all of them begin, in lower case."""
    each = tuple((prefix, kind, body, least) for kind, body, least, those in _PREFIXES for prefix in those.split())
    return each, beginnings_of(tuple(dict.fromkeys(prefix.lower() for prefix, *_ in each)))


PREFIXES, _beginnings = stored(STORED, each_and_beginnings)
PREFIXES_FOLDED = know(_beginnings)


def prefixed(view: Layer) -> list[Span]:
    """Return (start, end, kind) of every token that one of ``PREFIXES`` begins, or that says within what it is."""
    spans = list(_marked(view))
    for prefix, kind, body_class, least in prefixes_in(view):
        spans += _with_prefix(view.text, prefix, kind, body_class, least)
    return spans


def _marked(view: Layer) -> Iterator[Span]:
    """Yield the tokens in long words that are of hexadecimal parts of known lengths, or called ``.._sk_``, ``.._pat_``."""
    for start, end in view.index.long_words():
        if end - start >= _LEAST_MARKED:
            for match in compiled(_MARKED).finditer(view.text, start, end):
                group = match.lastindex or 0
                if not is_masked(match[group]) and is_random(match[group]):
                    yield (*match.span(group), "token")


_LEAST_MARKED, _KEY_ID = 32, 16

_MARKED = (
    r"(?<![0-9a-zA-Z-])(?:[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}|[0-9a-f]{24}:[0-9a-f]{64}"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}:[0-9a-f]{32})(?![0-9a-zA-Z-])"
    r"|(?<![0-9a-zA-Z])sk[A-Za-z0-9]{178}(?![0-9a-zA-Z])"
    r"|(?<![a-z])(?:sk|pat|secret|apikey|token|tok)_(?:(?:live|prod|test|v\d|us|eu)_)?([A-Za-z0-9]{28,256})(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9_])[12][A-Za-z0-9]{26}_[A-Za-z0-9]{20,22}(?![A-Za-z0-9_])|(?<![\w.-])[\w-]{6}\.[\w-]{6}:[\w-]{43}(?![\w-])"
    r"|(?<![\w:])v1:[A-Za-z0-9]{22,26}:[A-Za-z0-9]{24}(?![\w:])|(?:prod|dev|preview):[a-z]+-[a-z]+-\d{1,4}\|([A-Za-z0-9+/=_-]{40,200})"
    r"|(?<=[a-z\d]_)(?:api|key)_(?<!cache_key_)((?![0-9a-f]{40}(?![0-9a-f]))[A-Za-z0-9]{32,256})(?![A-Za-z0-9])"
)


def _with_prefix(text: str, prefix: str, kind: str, body_class: str, least: int) -> list[Span]:
    spans: list[Span] = []
    at = text.find(prefix)
    while 0 <= at <= len(text) - len(prefix) - least:
        end = at + len(prefix)
        if not (at and text[at - 1].isascii() and text[at - 1].isalnum()):
            body = compiled(BODY_CLASSES[body_class], ASCII).match(text, end)
            end = body.end() if body else end
            if end - at >= len(prefix) + least and _is_body(text[at + len(prefix) : end]):
                spans.append((at, end, kind))
        at = text.find(prefix, end)
    return spans


def _is_body(body: str) -> bool:
    return (
        not is_masked(body)
        and not body.startswith("ssh-")
        and (is_random(body) or (body.isupper() and (any(map(str.isdigit, body)) or len(body) == _KEY_ID)))
    )


def prefixes_in(view: Layer) -> list[Prefix]:
    """Return those of ``PREFIXES`` that are in ``view``."""
    index = view.index
    if index.begun is None:
        index.begun = frozenset(index.among(PREFIXES_FOLDED))
    there = index.begun
    return [it for it in PREFIXES if it[0].lower() in there and it[0] in view.text] if there else []
