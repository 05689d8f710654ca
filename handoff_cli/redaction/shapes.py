"""The shapes of secrets that we know of ourselves: prefixes of tokens, forms of keys and hashes, key blocks, cookies.

Formats are facts from the providers' own documentation (for example GitHub's and GitLab's token prefixes, Cloudflare's
token formats, Microsoft's list of sensitive information types). No pattern is compiled before its literal is met.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction.values import (
    is_basic_auth,
    is_masked,
    is_placeholder,
    is_random,
    is_secret,
    is_token,
    is_userinfo,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    from handoff_cli.redaction.layers import Layer

    Span = tuple[int, int, str]
    Prefix = tuple[str, str, str, int]

ASCII = 256
"""``re.ASCII``: letters of other writings may stand beside a token, and are no part of one."""
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

PREFIXES: tuple[Prefix, ...] = tuple(
    (prefix, kind, body, least) for kind, body, least, prefixes in _PREFIXES for prefix in prefixes.split()
)

PREFIXES_FOLDED = tuple(prefix.lower() for prefix, *_ in PREFIXES)

_SIGNED_CLAIMS = r"eyJ(?<![\w-]eyJ)[\w-]{8,}(?:\.[\w-]{4,}){2}(?:\.[\w-]+){0,2}"

# (kind, gates, pattern, judge): one gate, a literal, must occur; the secret is group 1 where there is one; the judge
# names a further test of the secret in ``_JUDGES``.
RULES = (
    (
        "password",
        ("://",),
        r"://[^\s:/@\"'<>?#]{0,128}(?:@[\w.-]{1,64})?:(?!\d{1,5}[?#])([^\s/\"'<>]{1,256})@",
        "userinfo",
    ),
    ("slack-webhook", ("hooks.slack.com",), r"hooks\.slack\.com/(?:services|workflows|triggers)/([\w/-]{20,})", ""),
    ("discord-webhook", ("/api/webhooks/",), r"/api/webhooks/\d{10,}/([\w-]{40,})", ""),
    ("jwt", ("eyJ",), _SIGNED_CLAIMS, ""),
    ("telegram-token", (":AA",), r"\d(?<!\d\d)\d{7,9}:AA[\w-]{32,35}(?![\w-])", ""),
    (
        "discord-token",
        ("MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"),
        r"[MNO](?<![\w.-].)[A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,45}(?![\w.-])",
        "",
    ),
    ("azure-client-secret", ("Q~",), r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~-])", ""),
    (
        "azure-devops-token",
        ("AZDO",),
        r"[A-Za-z0-9](?<![A-Za-z0-9]{2})[A-Za-z0-9]{75}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])",
        "",
    ),
    ("azure-key", ("JQQJ99",), r"(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{20,30}(?![A-Za-z0-9])", ""),
    ("azure-sas", ("sig=",), r"[?&]sig=([A-Za-z0-9%+/=_-]{20,})", ""),
    ("terraform-token", (".atlasv1.",), r"(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,}", ""),
    ("mailchimp-key", ("-us",), r"[0-9a-f](?<![0-9a-f]{2})[0-9a-f]{31}-us\d{1,2}(?!\d)", ""),
    ("newrelic-key", ("NRAL",), r"(?<![A-Za-z0-9])[0-9A-Za-z]{36}NRAL(?![A-Za-z0-9])", ""),
    ("facebook-token", ("|",), r"\d(?<!\d\d)\d{14,15}\|[\w-]{27,40}(?![\w-])", ""),
    ("zoho-token", ("1000.",), r"(?<![\w.])1000\.[0-9a-f]{32}\.[0-9a-f]{30,32}(?![0-9a-f])", ""),
    ("salesforce-token", ("00D",), r"(?<![A-Za-z0-9])00D[A-Za-z0-9]{12,15}![\w.]{60,}", ""),
    (
        "teams-webhook",
        (".office.com/webhook",),
        r"\.office\.com/webhook(?:b2)?/([\w-]{30,40}@[\w-]{30,40}/IncomingWebhook/\w{20,40}/[\w-]{30,40})",
        "",
    ),
    ("webhook", ("/hooks/",), r"https?://[\w.-]{4,128}/hooks/(?:catch/\d{5,10}/)?([a-z0-9]{5,64})(?![\w-])", "token"),
    (
        "password-hash",
        (*(f"${sign}$" for sign in "156789y"), "$2a$", "$2b$", "$2x$", "$2y$", "$argon2", "$sha", "$apr1$", "$scrypt$"),
        r"(?<![\w$])\$(?:[156789y]|2[abxy]|argon2\w{1,2}(?=\$(?:v=\d{1,3}\$)?m=[\d,tp=]{1,40}\$\S{4})|sha\d{1,3}|apr1|scrypt)\$(?=[^\s\"']{20})[\w./=,+-]{1,100}(?:\$[\w./=,+-]{4,200}){0,3}",
        "token",
    ),
    ("jwt", ("ZXlK",), r"(?<![A-Za-z0-9])ZXlK[A-Za-z0-9+/=_-]{60,}", ""),
    ("private-key", ("LS0tLS1CRUdJTi",), r"(?<![A-Za-z0-9+/])LS0tLS1CRUdJTi[A-Za-z0-9+/=]{60,}", ""),
    (
        "ansible-vault",
        ("ANSIBLE_VAULT",),
        r"\$ANSIBLE_VAULT;[\w.;]{4,60}\s{1,80}([0-9a-f]{40,}(?:\s{1,80}[0-9a-f]{8,})*)",
        "",
    ),
    ("sentry-dsn", ("sentry",), r"https?://([0-9a-f]{32})(?::[0-9a-f]{32})?@[\w.-]{0,80}sentry", ""),
    ("okta-token", ("SSWS",), r"\bSSWS[ \t]{1,4}([\w-]{30,60})", ""),
    ("alchemy-key", ("alchemy",), r"alchemy(?:api)?\.(?:io|com)/v2/([\w-]{24,64})", ""),
    ("infura-key", ("infura.io/",), r"infura\.io/(?:ws/)?v3/([0-9a-f]{32})", ""),
    (
        "mnemonic",
        ("nemonic", "phrase", "hrase", "NEMONIC", "PHRASE"),
        r"(?i)(?:mnemonic|(?:seed|recovery|secret)[_-]?phrase)[\"']?[ \t]{0,4}[:=(][ \t]{0,4}[\"']?((?:[a-z]{3,8}[ \t]{1,4}){11,23}[a-z]{3,8})",
        "any",
    ),
    (
        "ethereum-key",
        ("rivate", "RIVATE"),
        r"(?i)private[_-]?key(?:toaccount)?[\"']?[ \t]{0,4}[:=(][ \t]{0,4}[\"']?((?:0x)?[0-9a-f]{64})(?![0-9a-f])",
        "any",
    ),
    ("asana-token", ("0/", "1/", "2/"), r"[012]/(?<![\w/]..)\d{13,19}(?:/\d{13,19})?:([0-9a-f]{32})(?![0-9a-f])", ""),
    (
        "bitwarden-token",
        ("0.",),
        r"0\.(?<![\w.]..)[0-9a-f]{8}-[0-9a-f-]{27}\.([A-Za-z0-9]{30}:[\w+/]{20,24}={0,2})",
        "",
    ),
    ("twilio-key", ("AC",), r"AC(?<![A-Za-z0-9]..)[0-9a-f]{32}:([0-9a-f]{32})(?![0-9a-f])", ""),
    ("twitch-token", ("oauth:",), r"oauth:(?<![A-Za-z0-9].{6})([0-9a-z]{30})(?![0-9a-z])", ""),
    ("quicknode-key", ("quiknode.pro/",), r"\.quiknode\.pro/([0-9a-f]{40})", ""),
    (
        "braintree-token",
        ("access_token$",),
        r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}",
        "",
    ),
    ("apollo-key", ("service:",), r"service:(?<![\w-].{8})[\w-]{1,64}:([\w-]{22})(?![\w-])", ""),
    (
        "password-hash",
        ("pbkdf2_sha", "{SSHA", "scrypt:", ":::"),
        (
            r"pbkdf2_sha\d{1,3}\$\d{1,8}\$([A-Za-z0-9./+-]{6,64}\$[A-Za-z0-9./+-]{27,90}={0,2})|\{SSHA\d{0,3}\}([A-Za-z0-9+/]{30,120}={0,2})"
            r"|scrypt:\d{1,8}:\d{1,3}:\d{1,3}(\$[A-Za-z0-9]{6,32}\$[0-9a-f]{64,128})|:([0-9a-f]{32}:[0-9a-f]{32}):::"
        ),
        "",
    ),
    ("plaid-token", ("access-",), r"access-(?:sandbox|development|production)-[0-9a-f-]{36}", ""),
    ("bearer", ("bearer ", "Bearer ", "BEARER "), r"(?i:\bbearer)[ \t]{1,4}([\w.~+/=-]{12,})", "token"),
    (
        "basic-auth",
        ("basic ", "Basic ", "BASIC "),
        r"(?i:\bbasic)[ \t]{1,4}([A-Za-z0-9+/]{6,}={0,2})",
        "basic",
    ),
    (
        "docker-auth",
        ('auth":', 'auth\\":'),
        r"\"_?auth\\{0,4}\"[ \t]{0,4}:[ \t]{0,4}\\{0,4}\"([A-Za-z0-9+/]{8,}={0,2})",
        "basic",
    ),
    ("npm-auth", ("_auth",), r"_auth[ \t]{0,4}=[ \t]{0,4}\"?([A-Za-z0-9+/]{8,}={0,2})", "basic"),
    (
        "authorization",
        ("uthorization", "UTHORIZATION"),
        (
            r"(?<![a-z])(?i:authorization)\\{0,4}[\"']?[ \t]{0,4}[:=,][ \t]{0,4}\\{0,4}[\"']?"
            r"(?:[A-Za-z][\w-]{0,20}[ \t]{1,4})?(?!\w+(?:\.\w+)*\()([^\s\"'\\,;\[\]]{8,})"
        ),
        "token",
    ),
    ("password", ("::add-mask::",), r"::add-mask::([^\s\"'$]{4,256})", "userinfo"),
    ("rubygems-key", ("gem push",), r"\bgem push[^\n|;]{0,100}?[ \t]--key[ \t=]{1,4}([A-Za-z0-9_-]{16,128})", "token"),
    ("make-webhook", (".make.com/",), r"hook\.[a-z]{2}\d\.make\.com/([a-z0-9]{28,36})(?![a-z0-9])", "any"),
    ("feishu-webhook", ("/open-apis/bot/",), r"/open-apis/bot/(?:v2/)?hook/([A-Za-z0-9-]{30,40})", "any"),
    ("wecom-webhook", ("weixin.qq.com",), r"weixin\.qq\.com/cgi-bin/webhook/send\?key=([0-9a-f-]{36})", "any"),
    ("dingtalk-webhook", ("oapi.dingtalk",), r"oapi\.dingtalk\.com/robot/send\?access_token=([0-9a-f]{64})", "any"),
    (
        "unleash-token",
        ("*:", ":production.", ":development.", ":default.", "[]:"),
        r"[\w*\]-]:(?:\*|[a-z][\w-]{1,40})\.([0-9a-f]{56,64})(?![0-9a-f])",
        "",
    ),
    (
        "twitter-token",
        ("AAAAAAAAAAAAAAAAAAAA",),
        r"(?<![A-Za-z0-9+/])A{19,26}[A-Za-z0-9+/]{16,64}=[A-Za-z0-9]{36,64}(?![A-Za-z0-9+/=])",
        "any",
    ),
    (
        "azure-key",
        (
            "ACDb",
            "+ASt",
            "+ABa",
            "+AMC",
            "APIM",
            "AIoT",
            "+ASb",
            "+AEh",
            "+ARm",
            "AzCa",
            "AzEG",
            "AzSe",
            "+ACR",
            "AzFu",
        ),
        (
            r"(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/]{76}(?:ACDb|\+ASt|\+ABa|\+AMC|APIM)[A-Za-z0-9+/]{5,6}==?"
            r"|[A-Za-z0-9+/]{33}(?:AIoT|\+ASb|\+AEh|\+ARm|AzCa|AzEG)[A-Za-z0-9+/]{6}=|[A-Za-z0-9+/_-]{42}(?:AzSe|\+ACR)[A-Za-z0-9+/]{6}"
            r"|[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{6}==)(?![A-Za-z0-9+/=])"
        ),
        "any",
    ),
    ("jwk", ('"kty"',), r"\"(?:d|k|p|q|dp|dq|qi)\"[ \t]{0,4}:[ \t\r\n]{0,4}\"([A-Za-z0-9_-]{20,700})\"", "any"),
    ("signature", ("ignature=",), r"(?i:\bx-amz-signature=|\bsignature=)([0-9a-fA-F]{64})", ""),
)

GATES_FOLDED = tuple({gate.lower() for _, gates, *_ in RULES for gate in gates})

HINTS = {
    "asana-token": r":[0-9a-f]{32}",
    "discord-token": r"\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27}",
    "facebook-token": r"\|[\w-]{27}",
    "mailchimp-key": r"-us\d",
    "azure-client-secret": r"Q~[\w~.-]{31}",
}
"""Of kinds whose literals are everywhere: what is in each such secret, and found quickly by its first character."""
ANCHORS = {"bearer": "bearer", "basic-auth": "basic"}
"""Of kinds written in capitals and not: the word, in lower case, that their pattern begins with."""

PRIVATE_KEY_BEGIN = r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}|Private-Lines: ?\d{1,4}"
PRIVATE_KEY_END = r"-{4,5} ?END [A-Z0-9 ]{0,40}-{4,5}"
# A line of the body as it is shown by editors, diffs, quotes and numbered listings, also with escaped newlines.
PRIVATE_KEY_LINES = (
    r"(?:(?:\\[nr]|[ \t>|+\r\n\"',:]|\d{1,6}(?:\t|→|[:|] ))*"
    r"(?:[A-Za-z0-9+/=]{16,}|(?:Proc-Type|DEK-Info|Version|Comment): ?[^\n\\]{0,80}|=[A-Za-z0-9+/]{4}(?![\w])))*"
    r"(?:(?:\\[nr]|[\r\n]){1,2}[A-Za-z0-9+/]{1,15}={0,2}(?![\w ]))?"
)

COOKIE_HEADER = r"\bcookies?\\{0,4}[\"']?[ \t]{0,4}[:=,(]?[ \t]{0,4}\\{0,4}[\"']?(?=[\w.-]{1,64}=)"
COOKIE_PAIR = r"([^\s=;,\"'\\]{1,128})=([^\s;,\"'\\]{1,4096})"
SESSION_COOKIE_GATES = ("cookie", "jsessionid", "phpsessid", "sessionid=", "connect.sid", "_session=")
SESSION_COOKIE_NAMES = (
    "sess", "sid", "auth", "token", "csrf", "xsrf", "jwt", "login", "remember", "__host-", "__secure-",
)  # fmt: skip
_COUNTING_COOKIES = ("_ga", "_gid", "_gcl", "_fbp", "_hj", "__utm", "OptanonConsent")
NAMED_SESSION_COOKIE = (
    r"\b(?:jsessionid|phpsessid|asp\.net_sessionid|connect\.sid|laravel_session|_[a-z]{1,32}_session|sessionid)"
    r"=([^\s;,\"'\\&]{8,4096})"
)

_MAX_KEY_BLOCK_CHARS = 1 << 16
_MIN_KEY_BODY_CHARS = 16
_MIN_COOKIE_CHARS = 8
_JUDGES: dict[str, Callable[[str], bool]] = {
    "": lambda secret: not is_masked(secret) and is_random(secret),
    "any": lambda secret: "[REDACTED" not in secret,
    "token": is_token,
    "basic": is_basic_auth,
    "userinfo": is_userinfo,
    "password": lambda secret: is_secret(secret, "pass", quoted=False),
}


def private_keys(view: Layer) -> list[Span]:
    """Return (start, end, kind) of every private key, also of one whose end is missing."""
    text = view.text
    if "PRIVATE KEY" not in text and "Private-Lines" not in text:
        return []
    end_of_block = compiled(PRIVATE_KEY_END)
    spans: list[Span] = []
    done, closing = 0, end_of_block.search(text)
    for begin in compiled(PRIVATE_KEY_BEGIN).finditer(text):
        if begin.start() < done:
            continue
        while closing and closing.start() < begin.end():
            closing = end_of_block.search(text, closing.end())
        lines = compiled(PRIVATE_KEY_LINES).match(text, begin.end())
        done = lines.end() if lines else begin.end()
        if closing and _is_key_body(text, begin.end(), closing.start()):
            done = closing.end()
        if done - begin.end() > _MIN_KEY_BODY_CHARS:
            spans.append((begin.start(), done, "private-key"))
    return spans


def _is_key_body(text: str, start: int, end: int) -> bool:
    if end - start > _MAX_KEY_BLOCK_CHARS or text.find("-BEGIN", start, end) >= 0:
        return False
    return bool(compiled(r"[A-Za-z0-9+/]{16}").search(text, start, end))


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
    there = frozenset(view.index.among(PREFIXES_FOLDED))
    folded = zip(PREFIXES, PREFIXES_FOLDED, strict=True)
    return [found for found, low in folded if low in there and found[0] in view.text] if there else []


def shaped(view: Layer) -> list[Span]:
    """Return (start, end, kind) of every secret that one of ``RULES`` finds."""
    text, there = view.text, frozenset(view.index.among(GATES_FOLDED))
    spans: list[Span] = []
    for kind, gates, pattern, judge in RULES:
        if not any(gate.lower() in there and gate in text for gate in gates):
            continue
        if kind in HINTS and not compiled(HINTS[kind]).search(text):
            continue
        is_secret = _JUDGES[judge]
        for match in _matches(view, kind, compiled(pattern, ASCII)):
            group = match.lastindex or 0
            if is_secret(match[group]):
                spans.append((*match.span(group), kind))
    return spans


def _matches(view: Layer, kind: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    if kind not in ANCHORS:
        return pattern.finditer(view.text)
    found = (pattern.match(view.text, at) for at in view.index.places(ANCHORS[kind]))
    return (match for match in found if match)


def web_tokens(text: str) -> list[Span]:
    """Return (start, end, kind) of every JSON Web Token."""
    return [(*match.span(), "jwt") for match in compiled(_SIGNED_CLAIMS).finditer(text)] if "eyJ" in text else []


def cookies(view: Layer) -> list[Span]:
    """Return (start, end, kind) of the values of cookies that say who somebody is."""
    text, folded = view.text, view.folded
    if not view.index.hold_any(SESSION_COOKIE_GATES):
        return []
    spans: list[Span] = []
    done = 0
    pair = compiled(COOKIE_PAIR)
    for header in compiled(COOKIE_HEADER).finditer(folded):
        at = max(header.end(), done)
        while match := pair.match(text, at):
            name, value = match.groups()
            at = match.end()
            if name.startswith(_COUNTING_COOKIES):
                continue
            named = any(word in name.lower() for word in SESSION_COOKIE_NAMES)
            if (named and len(value) >= _MIN_COOKIE_CHARS and not is_placeholder(value)) or is_token(value, least=16):
                spans.append((*match.span(2), "cookie"))
            while text[at : at + 1] in {";", " "}:
                at += 1
        done = max(done, at)
    spans += [
        (*match.span(1), "cookie")
        for match in compiled(NAMED_SESSION_COOKIE).finditer(folded)
        if not is_placeholder(text[match.start(1) : match.end(1)])
    ]
    return spans
