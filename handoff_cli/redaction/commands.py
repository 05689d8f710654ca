"""Passwords as programs take them: an option of a known program, or words in a fixed place of a line or a call.

Each entry has words, one of which is in the text, and a pattern whose last group is the password. A pattern for a
program begins at its name and ends with the command: at a line end, a pipe or a semicolon. ``options`` looks for them,
and loads this module only where ``core.patterns`` has no tables of it.
"""

from __future__ import annotations

_REST = r"[^\n|;]{0,300}?[ \t]"
_LINES = r"(?:[^\n|;\\]|\\\r?\n?){0,300}?"
_VALUE = r"(?:\"(?P<{0}a>[^\"\n]{{1,128}})\"|'(?P<{0}b>[^'\n]{{1,128}})'|(?P<{0}c>[^\s\"'`|;<>)\]]{{1,128}}))"
V = r"(?!\[REDACTED)" + _VALUE.format("v")
_W = _VALUE.format("w")
_NO_WORD = r"(?![a-z-]+(?:\s|$))"
_OPTION_END = r"[ \t=]{1,4}"


def _program(names: str, options: str, *, glued: bool = False) -> str:
    """Return the pattern of a password that ``options`` of the programs ``names`` take; glued: without a blank."""
    between = r"" if glued else _OPTION_END
    return rf"(?<![\w.-])(?:{names})(?:\.exe)?(?=[ \t]){_REST}(?:{options}){between}{V}"


_CHOSEN = r"(?=[^\s\"']{0,64}\d)(?=[^\s\"']{0,64}[a-z])(?=[^\s\"']{0,64}[A-Z!#$%&*])"
_OPTION = ((" -", "\t-"),)
_QUOTES = (('"', "'"),)

PROGRAMS = (
    (("mysql", "maria", "mycli"), _OPTION, _program(r"mysql[\w-]*|maria[\w-]*|mycli", "-p", glued=True)),
    (("mysqladmin",), (), rf"mysqladmin[ \t]{_REST}password[ \t]{{1,4}}{V}"),
    (("mycli", "snowsql"), _OPTION, _program("mycli|snowsql", "-p|--password")),
    (("mongo",), _OPTION, _program(r"mongo\w*", f"-p{_NO_WORD}", glued=True)),
    (("docker", "podman", "helm", "buildah", "skopeo", "crane", "nerdctl", "oras", "registry", "oc ", "az ", "argocd"), _OPTION, _program( r"(?:docker|podman|helm|buildah|skopeo|crane|nerdctl|oras|oc|az|az[ \t]acr|argocd|cf|ibmcloud)(?:[ \t]registry|[ \t]auth)?[ \t]login", r"-p|--password|--creds" )),
    (("redis-cli", "keydb-cli", "valkey-cli"), _OPTION, _program("(?:redis|keydb|valkey)-cli", "-a|--pass")),
    (("mongo", "cqlsh", "cypher-shell"), _OPTION, _program(r"mongo\w*|cqlsh|cypher-shell", r"-p|--password")),
    (("ldap",), _OPTION, _program(r"ldap(?:search|add|modify|delete|whoami|compare)", "-w")),
    (("ldappasswd",), _OPTION, _program("ldappasswd", "-w|-s|-a")),
    (("sqlcmd", "bcp ", "osql", "isql", "mosquitto_", "ipmitool"), _OPTION, _program(r"sqlcmd|bcp|osql|isql|mosquitto_\w{3,6}|ipmitool", "-P|-pw")),
    (("sqlcmd", "bcp ", "osql", "sshpass"), _OPTION, _program(r"sqlcmd|bcp|osql|sshpass", "-P|-p", glued=True)),
    (("7z", "unzip", "zip "), _OPTION, _program(r"unzip|zip|7z[ar]?", f"(?:-P|-p){_NO_WORD}", glued=True)),
    (("sshpass",), _OPTION, _program("sshpass", "-p")),
    (("zip ",), _OPTION, _program("zip|unzip", "-P|--password")),
    (("psexec", "winexe", "plink", "pscp", "psftp", "evil-winrm", "crackmapexec", "nxc", "smbmap"), _OPTION, _program(r"psexec(?:64)?|plink|pscp|psftp|evil-winrm|crackmapexec|nxc|smbmap|netexec", "-p|-pw")),
    (("smbclient", "rpcclient", "winexe", "net "), (("%",),), rf"(?<![\w.-])(?:smbclient|rpcclient|winexe|smbget|net)(?=[ \t])[^\n|;]{{0,300}}?[ \t](?:-U|--user)[ \t=]{{0,4}}[\"']?[^\s%\"']{{1,64}}%([^\s\"']{{1,128}})"),
    (("openssl", "-passin", "-passout"), (("pass:",),), r"(?<!\w)-(?:pass|passin|passout|k)[ \t]{1,4}[\"']?(?:pass:)([^\s\"']{1,128})"),
    (("openssl",), _OPTION, _program("openssl[ \t]enc", "-k|-K")),
    (("storepass", "keypass", "-pass"), (), rf"(?<!\w)-(?:src|dest)?(?:store|key)pass[ \t]{{1,4}}{V}"),
    (("gpg",), _OPTION, _program("gpg2?", "--passphrase")),
    (("secret set", "variable set"), _OPTION, _program(r"(?:gh|glab)[ \t](?:secret|variable)[ \t]set", "--body|-b|--value|-v")),
    (("secrets set", "secret put", "config:set", "env add", "secrets:set"), (("=",),), r"(?<![\w-])(?:secrets?[ :]set|config:set|secrets[ \t]import)[ \t][^\n|;]{0,200}?[A-Z][A-Z0-9_]{2,64}=[\"']?([^\s\"']{6,256})"),
    (("from-literal",), (), r"--from-literal[= \t][\"']?[\w.-]{1,128}=[\"']?([^\s\"']{3,512})"),
    (("vault ", "npm ", "yarn ", "doctl", "pulumi", "cargo "), (("login", "unseal", "init"),), rf"(?<![\w-])(?:vault[ \t]login|cargo[ \t]login(?:[ \t]--registry[ \t]\S{{1,64}})?|vault[ \t]operator[ \t]unseal|doctl[ \t]auth[ \t]init[ \t]-t)[ \t]{{1,4}}(?!-){V}"),
    (("rabbitmqctl",), (), rf"rabbitmqctl[ \t](?:add_user|change_password|authenticate_user)[ \t]{{1,4}}[^\s]{{1,64}}[ \t]{{1,4}}{V}"),
    (("htpasswd",), _OPTION, rf"(?<!\w)htpasswd(?=(?:[ \t]\S{{1,128}}){{0,4}}?[ \t]-\w*b)[ \t](?:-\w*b\w*[ \t]|-[\w]{{1,4}}[ \t]|[^\s]{{1,128}}[ \t]){{1,6}}(?<=[ \t]){V}[ \t]*(?:$|[\n|;&])"),
    (("chpasswd",), (("echo", "printf"), ("|",)), r"(?:echo|printf)[ \t]{1,4}(?:-\w[ \t]{1,4}|[\"']?%s(?:\\n)?[\"']?[ \t]{1,4})?[\"']?[\w.-]{1,32}:([^\s\"'|\\]{3,128})(?:\\n)?[\s\"']{0,2}[ \t]{0,4}\|[ \t]{0,4}(?:sudo[ \t]{1,4})?chpasswd"),
    (("password-stdin", "sudo -s", "--stdin", "sudo -ks", "kinit", "with-token", "secret put", "secret create", "secret set", "secrets create", "secrets versions"), (("echo", "printf"), ("|",)), r"(?:echo|printf)[ \t]{1,4}(?:-\w[ \t]{1,4}|[\"']?%s(?:\\n)?[\"']?[ \t]{1,4})?[\"']?([^\s\"'|]{3,128})[\"']?[ \t]{0,4}\|[ \t]{0,4}[^\n|]{0,120}?(?:--password-stdin|sudo[ \t]-\w*[sS]|--stdin|kinit|--with-token|secret[ \t](?:put|create|set)|secrets[ \t](?:create|versions))"),
    (("cmdkey", "/pass:", "/p:", "/rp", "runas", "xfreerdp"), ((" /", "\t/"),), r"(?i)(?<!\S)/(?:pass|p|rp|password|pw)(?::[\"']?((?![a-z]+=)[^\s\"']{3,128})|[ \t][\"']?((?![a-z]+(?:\s|$))[^\s\"']{3,128}))"),
    (("net use", "net user"), (), r"(?i)\bnet[ \t]use[ \t][^\n]{0,120}?/user:\S{1,64}[ \t]([^\s/]\S{2,128})|\bnet[ \t]user[ \t]\S{1,64}[ \t]([^\s/]\S{2,128})[ \t]/add"),
    (("runas",), (("/user",),), r"(?i)\brunas[ \t]+(?:/\S{1,64}[ \t]+){0,6}/user:\S{1,64}[ \t]+(?:/\S{1,64}[ \t]+){0,6}((?=\S{0,128}[\d!@#$%^&*])(?!\S{0,128}\.(?:exe|msc|bat|cmd|ps1|com|cpl)\b)[^\s\"'\\/:]{4,128})"),
    (("runas", "passwd", "su -", "passphrase-fd"), (("echo", "printf"), ("|",)), r"(?:echo|printf)[ \t]{1,4}(?:-\w{1,3}[ \t]{1,4})?(?:\"([^\"|]{3,256})\"|'([^'|]{3,256})'|([^\s\"'|]{3,128}))[ \t]{0,4}\|[ \t]{0,4}(?:sudo[ \t])?(?:runas|passwd|smbpasswd|su|gpg2?[^\n|]{0,80}--passphrase-fd)\b"),
    (("rdesktop", "vnc", "ncftp", "remmina"), _OPTION, _program(r"rdesktop|ncftp\w*|vnc\w*|remmina", "-p|-passwd")),
    (("snmp", "community"), (("snmp-server", "rocommunity", "rwcommunity", " -", "\t-"),), r"(?i)\bsnmp[ \t]community[ \t]{1,4}(?!public\b|private\b)([^\s;{}]{4,64})[ \t]{1,4}authorization|(?:snmp-server[ \t]community|rocommunity6?|rwcommunity6?)[ \t]{1,4}(\S{3,64})|\bsnmp\w{2,12}\b[^\n|;]{0,200}?[ \t](?-i:-[cAX])[ \t]{1,4}(?![\"']?(?:\[REDACTED|\$))[\"']?([^\s\"']{3,64})"),
    (("wpa_passphrase", "nmcli", "iwconfig"), (("wpa_passphrase", "password"),), rf"wpa_passphrase[ \t]{{1,4}}\S{{1,64}}[ \t]{{1,4}}{V}|nmcli[^\n|;]{{0,120}}?[ \t]password[ \t]{{1,4}}(?![a-z-]+(?:\s|$)){_W}"),
    (("enable ", "username ", "pac key"), (("password", "secret"),), r"(?im)^[ \t]{0,8}(?:enable|username[ \t]\S{1,64})[ \t][^\n]{0,60}?(?:password|secret)[ \t]{1,4}(?:\d[ \t]{1,4})?((?![a-z]+\s*$)\S{4,128})[ \t]*$"),
    (("curl", "wget", "http ", "https ", "xh "), _OPTION, r"(?<![\w.-])(?:curl|wget|https?|xh|httpie)(?=[ \t])[^\n|;]{0,400}?[ \t](?:-u|-U|--user|--proxy-user|-a|--auth)(?:[ \t=]{0,4})(?:\"[^\":\n]{1,64}:([^\"\n]{1,128})\"|'[^':\n]{1,64}:([^'\n]{1,128})'|['\"]?[^\s:\"']{1,64}['\"]?:['\"]?([^\s\"']{1,128}))"),
    (("lftp",), _OPTION, r"(?<!\w)[lc]ftp(?=[ \t])[^\n|;]{0,120}?[ \t]-[up][ \t]{1,4}(?:[^\s,]{1,64},)?([^\s,]{3,128})"),
    (("sqlplus", "impdp", "expdp", "sqlldr"), (("/",),), r"(?i)\b(?:sqlplus|impdp|expdp|sqlldr|rman)\b[^\n|;]{0,80}?[ \t](?:userid=)?[\"']?\w{1,64}/([^\s@/\"']{3,128})(?:@|[\"'\s]|$)"),
    (("login ", "login\t", "login\n", "login\r"), (("password",),), r"(?:^|\s)login[ \t\r\n]+(?![/&|,=(])\S{1,128}[ \t\r\n]+(?:account[ \t\r\n]+\S{1,128}[ \t\r\n]+)?password[ \t\r\n]+((?![a-z/\[\]]+(?:[\s\"']|$))\S{1,128})"),
    (("machine ",), (("password",),), r"\bmachine[ \t]+\S{1,128}[ \t\r\n]+password[ \t\r\n]+((?![a-z/\[\]]+(?:[\s\"']|$))\S{1,128})"),
    (("identified",), (), r"(?:\bIDENTIFIED|(?i:\b(?:create|alter|grant|user|set[ \t]role)\b[^;]{0,160}?\bidentified))(?i:[ \t]+(?:with[ \t]+\S{1,40}[ \t]+)?(?:by|as)[ \t]+(?:password[ \t]+)?(?:\"([^\"\n]{3,128})\"|'([^'\n]{3,128})'|(?!values\b|externally)((?=[^\s\"';]{0,128}[\d!#$%&+*])[^\s\"';()]{5,128})))"),
    (("password '", 'password "'), (), r"(?i)\bpassword[ \t]+[\"']([^\"'\s]{3,128})[\"']"),
    (("auth(", "auth[", "auth=", "auth:", "auth (", "auth [", "auth =", "auth :", "auth  ", "auth\t", "basicauth"), (("(", "["), *_QUOTES), r"(?i)\b(?:\w*auth|HTTPBasicAuth|BasicAuth\w*)[ \t]{0,4}(?:[=:][ \t]{0,4})?[(\[][ \t]{0,4}[rub]?[\"'][^\"'\n]{1,128}[\"'][ \t]{0,4},[ \t]{0,4}[rub]?[\"']([^\"'\n]{3,128})[\"'][ \t]{0,4}[)\],]"),
    (("login(", "networkcredential", "signin(", "sign_in(", "authenticate(", "setcredentials(", "credentials("), _QUOTES, r"(?i)(?:\blog_?in|NetworkCredential(?:\]::new)?|sign_?in|authenticate|\w{0,20}Credentials?)[ \t]{0,4}\([ \t]{0,4}[\"'][^\"'\n]{1,128}[\"'][ \t]{0,4},[ \t]{0,4}[\"']([^\"'\n]{3,128})[\"']"),
    (("_connect(", "mysqli(", ".connect(", "->connect(", "pdo(", "getconnection("), _QUOTES, r"(?i)(?:my|pg_|odbc_|oci_|ms)?\w{0,12}(?:_connect|(?<!acle)(?<!racledb)[.>]connect|PDO|getConnection|mysqli)[ \t]{0,4}\([ \t]{0,4}(?:[\"'][^\"'\n]{0,200}[\"']|[$\w.]{1,64})[ \t]{0,4},[ \t]{0,4}(?:[\"'][^\"'\n]{1,64}[\"']|[$\w.]{1,64})[ \t]{0,4},[ \t]{0,4}[\"']([^\"'\n]{3,128})[\"']"),
    (("connect(",), (("oracle",), *_QUOTES), r"(?i)oracle(?:db)?\.connect\([ \t]{0,4}[\"'][^\"'\n]{1,64}[\"'][ \t]{0,4},[ \t]{0,4}[\"']([^\"'\n]{3,128})[\"']"),
    (("securestring",), (), r"(?i)ConvertTo-SecureString[ \t](?:[ \t]{0,4}-\w{1,16}[ \t]){0,4}[ \t]{0,4}(?:\"([^\"\n]{3,128})\"|'([^'\n]{3,128})'|((?=[^\s)]{0,128}\d)[^\s\"'()$-][^\s\"'()]{3,128}))"),
    (('variable "',), (("default",),), r"(?i)\bvariable[ \t]+\"[^\"\n]{0,64}(?:passw|secret|token|api_?key)[^\"\n]{0,32}(?<!_name)(?<!_id)\"[ \t]{0,4}\{[^{}]{0,400}?\bdefault[ \t]{0,40}=[ \t]{0,4}\"([^\"\n]{4,256})\""),
    (("consul kv put", "etcdctl put"), (("pass", "secret", "token", "key"),), rf"(?i)(?:consul[ \t]kv|etcdctl)[ \t]put[ \t][^\s]{{0,128}}(?:pass|pw|secret|token|key)[^\s]{{0,32}}[ \t]{{1,4}}{V}"),
    (("send_keys(", "sendkeys(", ".type(", ".fill(", "setvalue(", ".val(", "press_sequentially("), (("pass", "pwd"), *_QUOTES), r"(?i)(?:passw|passwd|pwd|pass\b)[^\n]{0,60}?\.(?:send_?keys|type|fill|setvalue|val|press_sequentially)\([ \t]{0,4}[\"']([^\"'\n]{3,128})[\"']"),
    (("hmac.new(", "createhmac(", "jwt.sign(", "jwt.encode(", "jwt.decode(", "jwt.verify("), _QUOTES, r"(?i)(?:hmac\.new\([ \t]{0,4}(?:key=)?|createHmac\([^,\n]{1,40},[ \t]{0,4}|jwt\.(?:sign|encode|decode|verify)\([^,\n]{1,80},[ \t]{0,4}(?:key=)?)b?[\"']([^\"'\n]{6,256})[\"']"),
    (("wifi.begin(",), _QUOTES, r"(?i)wifi(?:multi)?\.(?:begin|addAP)\([ \t]{0,4}(?:\"[^\"\n]{1,64}\"|\w{1,64})[ \t]{0,4},[ \t]{0,4}\"([^\"\n]{4,128})\""),
    (("encrypt_string",), (("ansible-vault",),), rf"encrypt_string[ \t]{{1,4}}(?!-|[a-z]+(?:[ \t'\"]|$)){V}"),
    ((":thin:",), (("@",),), r"(?i):thin:\w{1,64}/([^\s@/\"']{3,128})@"),
    (("netlify",), (("--auth",),), rf"netlify[ \t]{_REST}--auth{_OPTION_END}{V}"),
    (("impacket", "secretsdump", "psexec.py", "wmiexec", "smbexec"), (("@",), (":",)), r"(?i)(?:impacket-\w{1,24}|secretsdump|psexec|wmiexec|smbexec)(?:\.py)?[ \t][^\n|;]{0,120}?[\w.-]{1,64}[/\\][\w.-]{1,64}:([^\s@\"']{3,128})@"),
    (("rclone obscure",), (), rf"rclone[ \t]obscure[ \t]{{1,4}}{V}"),
    (("tacacs", "radius"), (("key",),), r"(?i)\b(?:tacacs|radius)[\w-]{0,16}[ \t][^\n]{0,60}?\bkey[ \t]{1,4}(?:\d[ \t]{1,4})?(\S{4,128})"),
    (("plain-text-password-value",), (), rf"plain-text-password-value[ \t]{{1,4}}{V}"),
    (("password_c", "password-c", "passwd_c", "pass_c", "pw_c", "askpass"), (("echo", "printf"),), r"(?i)(?:pass|pw)\w{0,12}[_-]?(?:command|cmd)[ =:\t\"']{1,4}(?:echo|printf)[ \t]{1,4}(?:-n[ \t])?[\"']?([^\s\"']{4,128})"),
    (("mc alias", "mc config"), (), r"\bmc[ \t](?:alias[ \t]set|config[ \t]host[ \t]add)[ \t]\S{1,64}[ \t]\S{1,200}[ \t]\S{1,64}[ \t]([^\s\"']{6,128})"),
    (("@tcp(", "@unix(", "@udp("), (), r"[\w.-]{1,64}:([^\s@\"'/:]{3,128})@(?:tcp|unix|udp)\("),
    (("nickserv", "/identify", "/oper "), (), r"(?i)(?:nickserv[ :]{1,4}identify|/identify|/oper[ \t]\S{1,32}|^identify)[ \t]{1,4}(?:\w{1,32}[ \t]{1,4}(?=\S))?((?=[^\s\"']{0,128}[\d!#$%&*])[^\s\"']{5,128})"),
    (("openssl passwd", "mkpasswd"), (), r"(?:openssl[ \t]passwd|mkpasswd)[ \t](?:-{1,2}[\w-]{1,20}[ \t=]|(?:sha-?\d{3}|bcrypt|yescrypt|md5|des)[ \t])*(?!-)[\"']?((?=[^\s\"']{0,128}\d)[^\s\"'()|]{5,128})"),
    (("auth default",), (), r"\bAUTH[ \t]{1,4}default[ \t]{1,4}([^\s\"']{4,128})"),
    (("?key=", "&key="), (), r"[?&]key=((?=[\w-]{0,64}[a-z])(?=[\w-]{0,64}[A-Z])(?=[\w-]{0,64}\d)[\w-]{24,128})(?=[&\s\"'#]|$)"),
    (("@//",), (("/",),), r"(?i)(?<![\w./-])[a-z]\w{1,30}/(?:\"([^\"\n]{4,64})\"|'([^'\n]{4,64})'|([^\s@/\"']{4,64}))@//[\w.-]"),
    (("message-digest-key", "authentication-key", "key-string"), (), r"(?i)\b(?:message-digest-key|authentication-key)[ \t]\d{1,5}[ \t](?:md5|sha\d*|hmac-\S{3,16})[ \t](?:\d[ \t])?(\S{4,128})|\bkey-string[ \t](?:\d[ \t])?((?=\S{0,64}\d)\S{4,128})"),
    (("setuser", " on >"), ((" >", "\t>"),), r"(?i:setuser|user)[ \t]\S{1,64}[^\n]{0,80}?[ \t]>([^\s\"']{4,128})"),
    (("user=", "user =", "creds=", "credentials=", "username="), (("%",),), r"(?i)(?:user(?:name)?|creds|credentials)[ \t]{0,2}=[ \t]{0,2}[\"']?[\w.\\-]{1,64}%([^\s\"',;]{4,128})"),
    (("]:25", "]:465", "]:587"), (), r"(?m)\][:]\d{2,5}[ \t]{1,8}[^\s:]{1,64}:(\S{4,128})[ \t]*$"),
    (("sip:", "register =>"), (("@",),), r"(?:\bsips?:|register[ ]=>[ ])[\w.+-]{1,64}:([^\s@\"']{4,128})@"),
    (("<input",), (("pass",), ("value",)), r"(?i)<input(?=[^<>]{0,300}(?:type|name|id)=[\"']?[\w.-]{0,40}pass)[^<>]{0,200}?\bvalue=[\"']?([^\s\"'<>]{4,128})"),
    (("/auth", "!auth", "!login", "/login", ".login", "/register", "/msg"), (), r"(?m)^[/!.](?:msg[ ]\S{1,32}[ ])?(?:auth|login|register|identify)[ ](?:[\w.-]{1,32}[ ](?=\S))?((?=\S{0,128}\d)[^\s\"']{5,128})(?:[ ]\S{1,128})?$"),
    (("wifi:",), ((";",),), r"(?i)\bwifi:(?:[^\n;]{1,64};){0,4}?p:([^\n;]{5,64});"),
    (("as the pass", "as pass", "as your pass", "as my pass", "as its pass", "as the token", "as token", "as the root pass", "as the admin pass"), ((" use ", "use ", "enter ", "type "),), r"(?i)\b(?:use|enter|type)[ \t]{1,2}[\"'`]?((?=[^\s\"'`]*\d)(?=[^\s\"'`]*[a-z])[^\s\"'`]{8,128})[\"'`]?[ \t]as[ \t](?:the|your|my|its)?[ \t]?(?:root[ \t]|admin[ \t])?(?:pass|token)"),
    (("hashlib.", "hashsync(", "encoder.encode(", "password_hash(", "make_password(", "bcrypt.hash(", "hashpw("), _QUOTES, r"(?i)(?:(?:pass|pwd|secret)[^\n]{0,60}hashlib\.\w{3,12}|hash_?sync|encoder\.encode|password_hash|make_password|bcrypt\.hash|hashpw)\([ \t]{0,4}b?[\"'](?!(?:\\[ux][0-9a-f]{2,4})+[\"'])((?=[^\"'\n]{0,128}\d)(?=[^\"'\n]{0,128}[a-z])[^\s\"']{6,128})[\"']"),
    ((" / ",), (("admin", "root", "user", "login"),), r"(?i)\b(?:admin|administrator|root|user|demo)[ \t]/[ \t]((?-i:(?=\S{0,128}\d)(?=\S{0,128}[a-z])(?=\S{0,128}[A-Z]|\S*[!#$%&*@]|\S*\d\d+[a-z]))[\w!#$%&*+=?@^~-]{8,64})"),
    (("mysql",), ((" -p ",),), r"(?m)(?<![\w.-])mysql[\w-]*(?=[ \t])[^\n|;]{0,200}?[ \t]-p[ \t]{1,4}((?=\S{0,128}\d)(?=\S{0,128}[a-z])(?=\S{0,128}[A-Z!#$%&*@])[^\s\"'<>|;]{8,64})[ \t]*$"),
    (("sonar.login", "sonar.token"), (), r"-Dsonar\.(?:login|token)=[\"']?([^\s\"']{8,128})"),
    (("log in", "login ", "login\t", "sign in", "logged in"), ((" with ", " as "),), r"(?i)\b(?:log(?:ged)?[ -]?in|sign[ -]in)[ \t](?:with|as)[ \t][\w.@-]{2,64}[ \t]{0,2}(?:and|/|:|with)[ \t]{0,2}((?=\S{0,128}\d)(?=\S{0,128}[a-z])(?=\S{0,128}[A-Z!#$%&*])[^\s\"'/]{8,64})"),
    (("@",), ((":",),), r"(?<![\w.@/+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}:((?=\S{0,128}\d)(?=\S{0,128}[a-z])(?=\S{0,128}[A-Z!#$%&*])[^\s\"'/.:]{8,64})(?=\s|$)"),
    (("password 51:b:",), (), r"password 51:b:([0-9A-F]{16,2048})"),
    (("<value>",), (("password>",),), r"(?i)password>[ \t\r\n]{0,16}<value>([^<\n]{3,256})</value>"),
    (("<<<",), (), r"(?:secret[ \t](?:put|set|create)|sudo|passwd|kinit|cryptsetup|luks\w{1,10}|auth|\bsu|--with-token|--password-stdin|--stdin)[^\n|;]{0,80}?<<<[ \t]{0,4}(?:'([^'\n]{3,128})'|\"([^\"\n]{3,128})\"|(?:[\w.-]{1,32}:)?([^\s\"':]{3,128}))"),
    (("requirepass", "masterauth", "rediscli_auth"), (), r"\b(?:requirepass|masterauth|(?i:rediscli_auth))(?:[ \t]{1,4}|=)[\"']?([^\s\"']{4,128})"),
    (("ssh-keygen",), _OPTION, _program("ssh-keygen", "-N|-P")),
    (("az ", "twine", "poetry", "usermod", "useradd"), _OPTION, _program("az|twine|poetry|usermod|useradd", "-p|--admin-password")),
    (("http-basic",), (), r"http-basic\.[\w.-]{1,64}[ \t]{1,4}\S{1,64}[ \t]{1,4}(\S{3,128})"),
    (("net use",), (), r"(?i)\bnet[ \t]use[ \t](?:\S{1,3}[ \t]{1,4})?\S{1,128}[ \t]{1,4}([^\s/*\\]\S{2,128})[ \t]{1,4}/user:"),
    (("_authtoken", "_password"), (("config",),), rf"config[ \t]set[ \t][^\s=]{{1,200}}:_(?:authToken|password)[ \t=]{{1,4}}{V}"),
    (("pypi-token",), (), rf"pypi-token\.[\w.-]{{1,64}}[ \t]{{1,4}}{V}"),
    (("bundle config",), (), rf"bundle config[ \t](?:set[ \t])?(?:--\w+[ \t])?(?!build\.)[\w-]+(?:\.[\w-]+)+[ \t]{{1,4}}(?:[^\s:]{{1,64}}:)?{V}"),
    (("creds",), _OPTION, rf"(?<!\w)--(?:src-|dest-)?creds[ \t=]{{1,4}}[\"']?[^\s:\"']{{1,64}}:([^\s\"']{{3,128}})"),
    ((".token ", ".password "), (("git config",),), rf"git config[ \t](?:--\w+[ \t])?[\w.-]{{1,100}}\.(?:token|password)[ \t]{{1,4}}{V}"),
    (("keyvault",), (("--value",),), rf"keyvault secret set[ \t]{_LINES}--value{_OPTION_END}{V}"),
    (("securestring",), (("put-parameter",),), rf"put-parameter(?=[ \t]{_LINES}SecureString)[ \t]{_LINES}--value{_OPTION_END}{V}"),
    (("secret-string",), (), rf"(?<!\w)--secret-string{_OPTION_END}{V}"),
    (("pulumi",), (("--secret",),), rf"pulumi config set[ \t](?=[^\n|;]{{0,200}}--secret)(?:--\w+[ \t])*[A-Za-z][\w:.-]{{0,100}}[ \t]{{1,4}}{V}"),
    (("store-secret",), (), rf"store-secret[ \t][^\n|;]{{1,200}}?[ \t][A-Z][A-Z0-9_]{{1,64}}[ \t]{{1,4}}{V}"),
    (("issecret=true",), (("##vso",),), r"(?i)##vso\[task\.setvariable[^\]\n]{0,200}?issecret=true[^\]\n]{0,100}\]([^\s\"']{3,256})"),
    (("connect to",), (("using",),), rf"(?i)\bconnect to \w{{1,64}} user \w{{1,64}} using[ \t]{{1,4}}{V}"),
    (("etcdctl",), _OPTION, r"(?<![\w.-])etcdctl[^\n|;]{0,200}?[ \t]--user[ \t=]{1,4}[\"']?[^\s:\"']{1,64}:([^\s\"']{3,128})"),
    (("auth ",), (), r"(?m)(?:^[ \t]{0,8}|[>\"'][ \t]?|redis-cli[^\n|;]{0,100}?[ \t])AUTH[ \t]{1,4}(?:default[ \t]{1,4})?[\"']?((?=\S{0,128}\d)(?=\S{0,128}[a-z])[^\s\"']{6,128})[\"']?[ \t]*$"),
    (("rar ",), _OPTION, _program("(?:un)?rar", "-h?p", glued=True)),
    (("_pw ",), (), r"\b(?:input|user|owner)_pw[ \t]{1,4}(\S{3,128})"),
    (("user=", "user =", "user  ", "user \t", "user\t"), _QUOTES, r"(?m)^[ \t]{0,8}-{0,2}(?:proxy-)?user[ \t]{0,4}=[ \t]{0,4}\"[^\":\s]{1,64}:([^\"\s]{3,128})\""),
    (("login(", "signin(", "authenticate("), _QUOTES, r"(?i)\b(?:log_?in|sign_?in|authenticate)[ \t]{0,4}\([ \t]{0,4}[\w.]{1,40}[ \t]{0,4},[ \t]{0,4}[\"']([^\"'\n]{3,128})[\"']"),
    (("login:", "login=", "login ", "login\t", "cred", "user/pass", "basic auth", "zugangsdaten", "identifiants", "inloggegevens", "dati di accesso"), (("/", ":"),), r"(?i)\b(?:(?:login|creds?|credentials|credenciales|credenziali|zugangsdaten|identifiants|inloggegevens|dati di accesso|user/pass(?:word)?|basic auth)[ \t]{0,2}(?:[:=]|are|is)[ \t]{0,4}|credentials[ \t])[\w.@-]{1,64}[ \t]{0,2}[/:][ \t]{0,2}((?=[^\s]{0,60}[\d!@#$%^&*])[^\s\"'/]{6,128})"),
    (("bw unlock", "bw login", "lpass login", "op signin"), (), rf"(?<![\w-])(?:bw[ \t](?:unlock|login[ \t]\S+)|lpass[ \t]login[ \t]\S+|op[ \t]signin[ \t]\S+[ \t]\S+)[ \t]{{1,4}}(?!-){V}"),
    (("cryptsetup", "keyctl", "secret-tool", "keyring", "openconnect", "vpnc", "smbpasswd", "pass insert"), (("echo", "printf"), ("|",)), r"(?:echo|printf)[ \t]{1,4}(?:-\w{1,3}[ \t]{1,4})?[\"']?([^\s\"'|]{4,128})[\"']?[ \t]{0,4}\|[ \t]{0,4}(?:sudo[ \t])?(?:cryptsetup|keyctl|secret-tool|keyring|openconnect|vpnc|smbpasswd|pass[ \t]insert|ansible-vault|mount)\b"),
    (("rootpw",), (), r"(?im)^[ \t]{0,8}(?:olc)?rootpw:?[ \t]{1,16}(?:--(?:plaintext|iscrypted)[ \t]{1,4})?(?:\{CLEARTEXT\})?(?!\{|--)(\S{4,128})"),
    (("stats auth", "userlist", "insecure-password"), (), r"(?i)\bstats[ \t]auth[ \t]\S{1,64}?:(\S{4,128})|\binsecure-password[ \t]{1,4}(\S{4,128})"),
    (("ftp ", "ftp>"), (("user",),), r"(?im)^(?:ftp>|quote)?[ \t]{0,4}user[ \t]{1,4}[\w.@-]{1,64}[ \t]{1,4}((?![a-z]+\s)\S{4,128})[ \t]*$"),
    (("chpasswd", "auth", "login", "admin:", "root:", "passwd", "cred"), ((":",),), rf"(?m)^[ \t]{{0,16}}(?:-[ \t])?[\"']?(?:root|admin|administrator|ubuntu|debian|deploy|user|postgres|pi|guest|oracle|sa|ec2-user|test|demo):({_CHOSEN}[^\s\"':/]{{8,64}})[\"']?[ \t]*$"),
    ((":/bin/", ":/home/", "/nologin"), (), r"(?m)^[a-z_][\w.-]{0,31}:([^\s:!*x][^\s:]{4,128}):\d{1,6}:\d{1,6}:[^:\n]{0,80}:/"),
    (("admin =", "admin=", "[admins]"), (("=",),), rf"(?im)^[ \t]{{0,8}}(?:admin|root|administrator)[ \t]{{0,4}}=[ \t]{{0,4}}({_CHOSEN}[^\s\"'()\[\]{{}}=]{{8,64}})[ \t]*$"),
    (("kubeadm", "bootstrap"), (("token",),), r"(?<![\w.-])((?=[a-z]{0,5}\d|[a-z]{6}\.[a-z]{0,15}\d)[a-z0-9]{6}\.(?=[a-z0-9]{0,15}\d)(?=[0-9]{0,15}[a-z])[a-z0-9]{16})(?![\w.-])"),
    (("secretid", "secret_id"), (), r"(?i)\bsecret[_-]?id[\"']?[ \t]{0,16}[:=][ \t]{0,16}[\"']?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"),
    (("temporary pass", "generated pass", "initial pass", "one-time pass"), (), r"(?i)\b(?:temporary|generated|initial|one-time|default|new)[ \t]password[^\n:]{0,60}:[ \t]{1,4}(?![a-z]+(?:[ \t]|$))(\S{6,128})|temporary password is generated for [^\s:]{1,128}: (\S{6,128})"),
    (("&p=", "?p=", "auth=", "&pw="), (), rf"[?&](?:p|pw|auth|access)=(?!\S{{0,128}}=[0-9A-F]{{2}})({_CHOSEN}[^\s\"'&#<>]{{6,128}})"),
    (("<pass", "<pwd", "<secret", "password>", "pass>"), (("</",),), r"(?i)<(?:[\w:.-]{0,32}(?:pass(?:word|wd|phrase)?|secret|pwd))(?:[ \t][^<>\n]{0,100})?>(?:<!\[CDATA\[([^\n]{3,128}?)\]\]>|([^\s<][^<\n]{3,128}))</"),
    (("app password", "app-password", "application password", "app-specific"), (), r"(?i)\bapp(?:lication)?[ -](?:specific[ ])?passwords?(?:[ ]is)?[:= \t\"'`]{1,4}((?-i:[a-z0-9]{4}(?:[ -][a-z0-9]{4}){3,5}))(?![\w-])"),
    (("passphrase", "pass phrase", "pass_phrase", "four words", "psk="), (), r"(?im)(?:pass[ _-]?phrase|psk|four[ ]words\)?|words\)|phrase)[\"']?[ \t]{0,4}(?:[:=]|is)[ \t]{0,4}(?:\"((?!(?:the|an?|your|enter|this|for|to|of|at|use|see|same|not|no|is|any|all|some|about|between|one|needs?|must|should)[ ])(?-i:[a-z0-9]{2,12}(?:[ ][a-z0-9]{1,12}){2,11}))\"|'((?!(?:the|an?|your|enter|this|for|to|of|at|use|see|same|not|no|is|any|all|some|about|between|one|needs?|must|should)[ ])(?-i:[a-z0-9]{2,12}(?:[ ][a-z0-9]{1,12}){2,11}))'|(?!(?:[a-z]{1,10}[ ]){0,11}(?:the|and|for|is|not|used|with|your|must|may|was|are|has|been|does|which|should|from|into|when)(?:[ ]|$))((?-i:(?:[a-z]{3,10}[ ]){3,11}[a-z]{3,10}))[ \t]*$)"),
    (('" *', '"  *', '"\t*', "\t*\t"), (('"',),), rf"(?m)^[ \t]{{0,4}}[\"']?[\w.@\\-]{{1,64}}[\"']?[ \t]{{1,8}}(?:\*|[\w.-]{{1,64}})[ \t]{{1,8}}[\"']({_CHOSEN}[^\s\"']{{6,64}})[\"'](?:[ \t]{{1,8}}\S{{1,32}})?[ \t]*$"),
    (("passwords=", "passwords =", "creds"), (("(", "["),), rf"(?i)\b(?:passwords|pwds|creds|credentials)[ \t]{{0,2}}=[ \t]{{0,2}}[(\[][ \t]{{0,2}}[\"']?({_CHOSEN}[^\s\"',()\[\]]{{6,64}})"),
    (("sqlplus", "sql>", "rman ", "impdp", "expdp", "sqlldr", "sqlcl"), (("/",),), r"(?im)(?:^[ \t]{0,4}(?:sql>[ \t])?conn(?:ect)?|\btarget|\bcatalog|\b(?:imp|exp)dp|\bsqlldr|\bsqlcl)[ \t]{1,4}[\"']?\w{1,32}/(?:'([^'\n]{4,64})'@|\"([^\"\n]{4,64})\"@|((?=[^\s@\"']{0,64}[\d!#$%&*^])[^\s@/\"']{4,64})(?:@|[\"']?[ \t]*$))"),
    (("sp_addlogin", "sp_password", "sp_addremotelogin"), _QUOTES, r"(?i)\bsp_(?:addlogin|password|addremotelogin)\b[ \t]{1,4}(?:N?'[^'\n]{0,64}'|null)[ \t]{0,4},[ \t]{0,4}N?'([^'\n]{4,128})'"),
    (("fernet(", "aesgcm(", "aes.new(", "secretbox(", "signer(", "serializer(", "poly1305(", "hmac("), _QUOTES, r"(?i)\b(?:Fernet|AESGCM|AES\.new|SecretBox|\w{0,16}Signer|\w{0,20}Serializer|ChaCha20Poly1305|HMAC)\([ \t]{0,4}(?:key=|secret_key=)?b?[\"']((?=[^\"'\n]{0,64}\d)(?=[^\"'\n]{0,64}[A-Za-z])[A-Za-z0-9+/_=.!@#$%^&*-]{16,128})[\"']"),
    (("hash::make(", "bcrypt(", "hash_password("), _QUOTES, r"(?i)\b(?:Hash::make|bcrypt|hash_password)\([ \t]{0,4}[\"']((?=[^\"'\n]{0,64}\d)(?=[^\"'\n]{0,64}[a-z])[^\s\"']{6,128})[\"']"),
    (("input password", "input_password"), (), r"(?im)\binput[ _]password(?:[ ]{2,}|\t+)(?:\S{1,80}(?:[ ]{2,}|\t+))?((?=\S{0,64}\d)[^\s${}=]{4,128})[ \t]*$"),
    (("\npassword ", "\n  password ", "\n    password ", "\n\tpassword ", "\npasswd "), (("user", "login", "account"),), r"(?im)^[ \t]{0,8}(?:user(?:name)?|login|account)[ \t]{1,8}[\"']?[\w.@-]{1,64}[\"']?[ \t]*\r?\n[ \t]{0,8}(?:password|passwd|pass)[ \t]{1,8}[\"']?((?=\S{0,64}[\d!#$%&*^])[^\s\"']{4,128})[\"']?[ \t]*$"),
    (("net user", "dsadd"), (), r"(?i)\bnet[ \t]user[ \t]\S{1,64}[ \t]((?!/)[^\s/]\S{3,128})(?:[ \t]*$|[ \t]/)|\bdsadd[ \t]user[^\n]{0,200}?[ \t]-pwd[ \t]{1,4}(\S{3,128})"),
    (("crypt('", "password('", 'crypt("'), (), r"(?i)\b(?:crypt|password|old_password)\([ \t]{0,4}[\"']((?!\w{0,128}%)(?=[^\"']{0,64}\d)[^\"'\s]{5,128})[\"'][ \t]{0,4}[,)]"),
    (("check_password(", "checkpw(", "verify_password(", "set_password(", "validate_password(", "password_verify(", "comparesync("), _QUOTES, r"(?i)(?:(?:check|verify|set|validate)_?password|checkpw|password_verify|comparesync)\([ \t]{0,4}(?:[^\"'()\n]{0,60},[ \t]{0,4}|[\"'][^\"'\n]{1,64}[\"'][ \t]{0,4},[ \t]{0,4})?b?[\"']((?=[^\"'\n]{0,128}\d)[^\"'\s]{6,128})[\"']"),
    ((".type(", ".fill(", ".send_keys(", ".sendkeys("), (("pass", "pwd", "pw"), *_QUOTES), r"(?i)\.(?:type|fill|send_?keys)\([ \t]{0,4}([\"'])[^\n]{0,60}?(?:pass|pwd|\bpw\b)[^\n]{0,30}?\1[ \t]{0,4},[ \t]{0,4}[\"']([^\"'\n]{3,128})[\"']"),
    (("admin/", "administrator/"), (), rf"(?i)(?:^|(?<=[\s\"'`(:]))admin(?:istrator)?/((?-i:{_CHOSEN})[A-Za-z0-9!#$%&*?@^_+-]{{8,64}})(?=[\s\"'`),.;]|$)"),
    (("sendline",), (("assw",), *_QUOTES), r"(?i)(?:expect(?:_exact)?\(?[ \t]{0,4}[\"'][^\"'\n]{0,40}assw[^\"'\n]{0,20}[\"']\)?[\s;]{1,40}(?:\w{1,20}\.)?send(?:line)?\(?[ \t]{0,4}[\"']([^\"'\n\\]{4,128}))"),
    (("send ",), _QUOTES, r"\bsend(?:[ \t]--)?[ \t]{1,4}[\"']([^\"'\s]{4,128})\s{1,2}[\"']"),
)
"""(words, more words, pattern): in lower case one of the words, and near it one of each group of more words."""



def words_of_programs() -> tuple[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], ...]:
    """Return the words, and the groups of more words, of each of ``PROGRAMS``."""
    return tuple((words, more) for words, more, _ in PROGRAMS)
