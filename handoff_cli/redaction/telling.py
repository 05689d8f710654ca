"""The words that tell which kinds of secrets a text could hold; loaded where the tables have none of them."""

from __future__ import annotations

from handoff_cli.redaction.rows import rows_of

NAMES, COMMANDS, SHAPES = 1, 2, 4
"""The kinds that words tell, as the door has them."""

NAME_WORDS = (
    "pass",
    "pwd",
    "psw",
    "pw",
    "psk",
    "authtok",
    "secret",
    "token",
    "credential",
    "key",
    "jwt",
    "_pat",
    "_salt",
    "service_role",
)
NAMES_ABROAD = (
    "contrase", "clave", "senha", "kennwort", "zugangscode", "wachtwoord", "adgangskode", "kodeord", "salasana",
    "hasło", "hasła", "haslo", "heslo", "geslo", "lozinka", "parol", "mdp", "sifre", "parool", "sandi", "비번",
    "كلمة السر", "jelszav", "lösen", "pasvorto", "lösenord", "jelszó", "şifre", "slaptažod", "mật khẩu", "парол",
    "лозинка", "κωδικός", "密码", "密碼", "口令", "パスワード", "暗証番号", "비밀번호", "암호", "סיסמה", "كلمة المرور",
    "รหัสผ่าน", "पासवर्ड", "zaporka", "pasahitza", "cyfrinair", "pasfhocal", "nenosiri", "kata laluan", "wagwoord",
    "lykilorð", "fjalëkalim", "şifrə", "رمز عبور", "گذرواژه", "পাসওয়ার্ড", "கடவுச்சொல்", "პაროლი", "գաղտնաբառ",
    "құпия сөз", "schl\xfcssel", "cl\xe9", "llave", "chiave", "jeton", "inlog", "anmeld", "einlogg", "conecta", "acced",
    "acceso", "acc\xe8s", "connexion", "zaloguj", "войти", "логин", "ログイン", "登录", "로그인", "ww:",
    "токен", "ключ", "密钥", "令牌", "トークン", "토큰", "chave", "sleutel", "klucz",
)  # fmt: skip
COMMAND_WORDS = (
    "\t*\t", "\n\tpassword ", "\n    password ", "\n  password ", "\nbinary", "\nget ", "\nmget ", "\nmput ", "\npass ",
    "\npassword ", "\npasv", "\nput ", ' * "', " --user", " -u ", " -user ", " / ", " l2tpd ", " on >", " pptpd ",
    '"\t*', '"  *', '" *', "&appid=", "&key=", "&p=", "&pw=", "--stdin", "-opw", "-pass", "-upw", ".fill(",
    ".password ", ".token ", ".type(", ".val(", "/identify", "/msg", "/oper ", "/p:", "/pass:", "/register", "/rp",
    "7z", "802-1x.password", ":/bin/", ":/home/", ":pserver:", ":thin:", "<(echo", "<(printf", "<<<", "<input", "<pass",
    "<pwd", "<secret", "<string>", "<value>", "> pass ", "?appid=", "?key=", "?p=", "@//", "@tcp(", "@udp(", "@unix(",
    "[admins]", "]:25", "]:465", "]:587", "_password", "_pw ", "adcli", "admin =", "admin/", "admin:", "admin=",
    "administrator/", "aes.new(", "aesgcm(", "again password", "altool", "ansible-vault", "apikey add", "apikey save",
    "app password", "app-specific", "application password", "argocd", "as its pass", "as my pass", "as pass",
    "as sysdba", "as the admin pass", "as the pass", "as the root pass", "as the token", "as token", "as your pass",
    "askpass", "assphrase>{", "assword>{", "atexec", "attach '", "attach database", "auth", "az ", "b64encode(",
    "base64_encode(", "base64encode(", "basic", "bcp ", "bcrypt(", "bcrypt.hash", "beeline", "bindpassword",
    "bloodhound", "bootstrap", "borg ", "btoa(", "buffer.from(", "buildah", "bundle config", "bw unlock", "c: pass ",
    "cargo ", "certipy", "certutil", "changepassword(", "chap password", "checkpw(", "cloudflared", "cmdkey", "codecov",
    "community", "comparesync(", "config:set", "connect to", "connect(", "consul kv put", "cqlsh", "crackmapexec",
    "crane", "create-keychain", "create_superuser(", "create_user(", "createsuperuser(", "cred", 'crypt("', "crypt('",
    "cryptsetup", "curl\t", "curl ", 'curl"', "curl'", "cypher-shell", "dacledit", "dati di accesso", "dcomexec",
    "default ", "docker", "doctl", "doveadm", "dsadd", "dscl ", 'eap "', "eap '", "ecret>{", "ecryptfs", "enable ",
    "encfs", "encoder.encode(", "encodetostring(", "encrypt_string", "env add", "etcdctl", "evil-winrm", "expdp",
    "fernet(", "fill in", "fill_in", "filled in", "fills in", "four words", "from-literal", "fscrypt", "ftp ", "ftp(",
    "ftp>", "ftp_tls(", "generated pass", "getconnection(", "getnpusers", "gettgt", "getuserspns", "gocryptfs", "gpg",
    "hash::make(", "hashlib.", "hashpw(", "hashsync(", "hdiutil", "helm", "hmac(", "hmac.new(", "http ", "httpie ",
    "https ", "hydra", "identifiants", "identified", "ilorest", "imappass", "impacket", "impdp", "infracost configure",
    "initial pass", "inloggegevens", "input password", "ipa-client", "ipa-replica", "ipa-server", "ipmitool",
    "isakmp key", "iscsiadm", "isql", "iwconfig", "jenkins-cli", "jwt.decode(", "jwt.encode(", "jwt.sign(",
    "jwt.verify(", "kadmin", "keepassxc", "kerbrute", "key-string", "keyctl", "keydb-cli", "keypass", "keyring",
    "keyvault", "kinit", "kubeadm", "ldap", "lftp", "log in", "logged in", "login", "logs in", "lookupsid", "machine ",
    "maria", "mc alias", "mc config", "medusa", "message-digest-key", "mongo", "mosquitto_", "mycli", "mysql", "ncftp",
    "neighbor ", "nerdctl", "net ", "netlify", "netsh", "nickserv", "nmcli", "npm ", "nuget", "nxc", "obj=",
    "object secret", "oc ", "oken>{", "one-time pass", "op signin", "openconnect", "openssl", "option key", "oras",
    "osql", "p4 ", "pac key", "pap password", "pass insert", "pass phrase", "pass show", "pass.equals(", "pass>",
    "pass[", "pass_c", "pass_phrase", "passeval", "passphrase", "passwd", 'password "', "password '", "password (",
    "password 51:b:", 'password for "', "password for '", "password password", "password('", "password-c",
    "password-stdin", "password>", "password[", "password_c", "password_hash(", "password_verify(", "passwordeval",
    "passwords =", "passwords=", "passwort (", "pdbedit", "pdo(", "pgpass", "plink", "podman", "poetry", "poly1305(",
    "pop3pass", "pppd", "pragma", "pre-shared-", "press_sequentially(", "pscp", "psexec", "psftp", 'psk "', "psk '",
    "psk=", "psk[", "pulumi", "pw.equals(", "pw_c", "pw_set(", "pwd.equals(", "pwd[", "pypi-token", "qpdf",
    "rabbitmqadmin", "rabbitmqctl", "racadm", "radius", "radtest", "rar ", "rasdial", "rclone config", "rclone obscure",
    "rdesktop", "realm ", "redis-cli", "reg add", "register =>", "relay =", "relay=", "remmina", "requirepass",
    "restic", "rman ", "root:", "rootpw", "rpcclient", "runas", "samba-tool", "schtasks", "secret =", "secret create",
    "secret put", "secret set", "secret-string", "secret-tool", "secret=", "secret_id", "secretbox(", "secretid",
    "secrets create", "secrets set", "secrets versions", "secrets:set", "secretsdump", "securestring",
    "security import", "send ", "send_keys(", "sendemail", "sendkeys(", "sendline", "sent-username", "serializer(",
    "set password ", "set psksecret ", "set secret ", "set user ", "set-agent-token", "set-key-partition",
    "set-keychain", "setairportnetwork", "setpassword(", "setuser", "setvalue(", "sign in", "sign_in(", "signed in",
    "signer(", "signin(", "signtool", "sip:", "skopeo", "smbclient", "smbexec", "smbmap", "smtppass", "snmp", "snowsql",
    "sonar.token", "sql>", "sqlcl", "sqlcmd", "sqlldr", "sqlplus", "ssh-keygen", "sshpass", "sta_if", "standby ",
    "static:", "steghide", "store-secret", "storepass", "strcmp(", "su -", "sudo -ks", "sudo -s", "swaks", "tacacs",
    "target: {", "target:{", "temporary pass", "tobase64string(", "tochararray", "truecrypt", "twine",
    "unlock-keychain", "unzip", "updatepassword(", "user\t", "user \t", "user  ", "user =", "user/pass",
    "user:password", "user=", "useradd", "userlist", "usermod", "username ", "username=", "usernamepassword",
    "userpassword(", "userpwd", "valkey-cli", 'variable "', "variable set", "vault ", "veracrypt", "virt-builder",
    "virt-customi", "virt-sysprep", "vnc", "vpnc", "wg set", "wget", "wifi-sec", "wifi.begin(", "wifi:", "winexe",
    "winrs", "wireless-security", "wireless.", "with-token", "wlan(", "wmic", "wmiexec", "word.equals(", "xfreerdp",
    "xh ", "xl2tpd", "yarn ", "youtube-dl", "yt-dlp", "zfs ", "zip ", "zugangsdaten", "{cleartext}", "{clear}",
    "{noop}", "{plain}", "| base64", "|base64",
)  # fmt: skip
"""One of these is in each text that holds a password told by a command, a call or a line of a known form."""

SHAPE_WORDS = (
    "nemonic", "phrase", "private", "bearer ", "basic ", 'auth"', "auth\\", "_auth", "authoriz", "add-mask", "gem push",
    "signature=", "ansible_vault", "ssws", "cookie", "jsessionid", "phpsessid", "sessionid=", "connect.sid",
    "_session=", "asp.net_sess",
)  # fmt: skip
"""One of these, in lower case, is in a text that holds a secret of its kind; ``TOKENS`` needs none."""


def rows_of_telling() -> tuple[str, bytes, str]:
    """Return what rows are made of that lead from each word to its kind."""
    told = ((NAMES, (*NAME_WORDS, *NAMES_ABROAD)), (COMMANDS, COMMAND_WORDS), (SHAPES, SHAPE_WORDS))
    return rows_of((word, str(kind)) for kind, words in told for word in words)
