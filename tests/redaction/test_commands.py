"""Passwords as people type them: options of programs, password files, assignments, calls; and what only looks so."""

from __future__ import annotations

import pytest

from handoff_cli.redaction import hides, kinds_in, redact
from handoff_cli.redaction.commands import PROGRAMS
from handoff_cli.redaction.telling import COMMAND_WORDS

SECRET = "Qx7!" + "rT9wLm2Zk"
TOKEN = "q8Wd3" + "Qx7vBnZr5Tn1Lc7"

LINES = r"""
curl --user  'bob:{}' https://x.org/a
curl -s --user 'bob':'{}' https://x.org/a
wget --user bob --password {} https://x.org/a
http -a bob:{} GET https://x.org/a
mysql -u root -p{} shop
mysqldump --host db -uroot -p'{}' shop > a.sql
mariadb-admin -p{} ping
docker login -u bob -p {} ghcr.io
podman login --username bob --password={} quay.io
helm registry login -u bob -p {} r.example.org
az login --service-principal -u app -p {} --tenant t
oc login -u dev -p {} https://api.example.org
redis-cli -h r1 -a {} ping
mongosh -u admin -p {} --host db
mongodump --username a --password {} --out b
cqlsh -u cassandra -p {} node1
ldapsearch -D cn=admin -w {} -b dc=x
sqlcmd -S db -U sa -P {} -Q q
sqlplus scott/{}@orcl
openssl enc -d -aes-256-cbc -pass pass:{} -in a.enc
openssl rsa -in k.pem -passin pass:{} -out p.pem
keytool -list -keystore a.jks -storepass {}
gpg --batch --passphrase {} -d a.gpg
smbclient //srv/s -U bob%{}
psexec \\h -u admin -p {} cmd
plink -ssh bob@h -pw {} ls
sshpass -p {} ssh bob@h
sshpass -p'{}' ssh bob@h
gh secret set DB_PASSWORD --body '{}'
heroku config:set STRIPE_KEY={}
fly secrets set DATABASE_PW={}
kubectl create secret generic db --from-literal=anything={}
vault login {}
vault kv put secret/db password={}
rabbitmqctl add_user bob {}
htpasswd -b .htpasswd bob {}
echo 'bob:{}' | chpasswd
echo {} | docker login -u bob --password-stdin
echo '{}' | sudo -S ls
cmdkey /add:srv /user:bob /pass:{}
xfreerdp /v:h /u:bob /p:{}
net use Z: \\srv\\s /user:bob {}
snmpwalk -v2c -c {} host
snmp-server community {} RW
nmcli dev wifi connect home password {}
wpa_passphrase home {}
enable secret 0 {}
machine h.org\n  login bob\n  password {}
machine h.org login bob password {}
db.example.org:5432:shop:app:{}
*:*:*:postgres:{}
PASS={}
DB_PW={}
export PGPASSWORD={}
SSHPASS={} ssh bob@h
MYSQL_PWD={} mysql
ENV DB_PASSWORD {}
ARG NPM_PASSWORD={}
smtp:\n  user: a@b.c\n  pass: {}
password: |\n  {}
password = "{}"
[db]\npassword = {}
<password>{}</password>
<property name="password" value="{}"/>
{{"password": "{}"}}
{{\"password\": \"{}\"}}
- name: DB_PASSWORD\n  value: {}
| Password | {} |
**Password:** {}
The password is {}
Password:\n{}
createPool({{user:'a', pass:'{}'}})
requests.get(u, auth=('bob', '{}'))
HTTPBasicAuth("bob", "{}")
smtp.login("bob", "{}")
new NetworkCredential("bob", "{}")
mysqli_connect('h', 'bob', '{}', 'db')
DBI->connect("dbi:mysql:db", "bob", "{}")
ConvertTo-SecureString "{}" -AsPlainText -Force
CREATE USER 'a'@'%' IDENTIFIED BY '{}'
ALTER USER app WITH PASSWORD '{}'
Server=h;User Id=sa;Password={};Database=d
host=h dbname=d user=a password={}
postgres://app:{}@db/main
redis://:{}@cache:6379/0
amqp://guest:{}@mq:5672
https://bob:{}@x.org/r.git
jdbc:mysql://h/d?user=a&password={}
java -Ddb.password={} -jar a.jar
ansible-playbook p.yml -e ansible_password={}
terraform apply -var db_password={}
sudo -S <<< {}
chpasswd <<< "bob:{}"
requirepass {}
REDISCLI_AUTH={}
ssh-keygen -N {} -f k
az sql server create -u a -p {}
net use Z: {} /user:bob
rar a -hp{} a.rar
pdftk a.pdf input_pw {} output b.pdf
user = "bob:{}"
auth: ['bob', '{}']
login(user, '{}')
password for bob is {}
Login: bob / {}
twine upload -u a -p {} dist/a
poetry config http-basic.r a {}
psk={}
expect "word:" ; send "{}\r"
DB_PASSWORD\t{}
The password for staging is:\n\n    {}
The password for staging is:\n{}
The password is:\n\n{}
password =\n  '{}'
set -gx DB_PASSWORD {}
set -x DB_PASSWORD {}
glab variable set DB_PASSWORD {}
netlify env:set DB_PASSWORD {}
circleci context store-secret github org ctx DB_PASSWORD {}
##vso[task.setvariable variable=DB_PASS;issecret=true]{}
::add-mask::{}
wrangler secret put X <<< {}
echo {} | wrangler secret put X
bundle config gems.x.com me:{}
bundle config set --global gems.x.com me:{}
skopeo copy --src-creds me:{} docker://a docker://b
skopeo copy --dest-creds=me:{} docker://a docker://b
skopeo inspect --creds me:{} docker://a
az keyvault secret set --vault-name v --name n --value {}
aws ssm put-parameter --name n --type SecureString --value {}
aws ssm put-parameter --name n --value {} --type SecureString
aws secretsmanager create-secret --name n --secret-string {}
printf {} | gcloud secrets create s --data-file=-
printf '%s' '{}' | gcloud secrets versions add s --data-file=-
echo -n '{}' | gcloud secrets versions add s --data-file=-
echo -n '{}' | docker secret create n -
echo {} | gh secret set X
pulumi config set --secret dbPassword {}
pulumi config set dbPassword {} --secret
pulumi config set --secret anything {}
mongo -u admin -p{}
mongosh -u admin -p'{}' --host h
mongodump -u a -p{}
mycli -u root -p {}
mycli -u root -p{}
pgcli -u root --password {}
mysqladmin -u root password {}
mysqladmin -u root password '{}'
mysqladmin -u root -pold password {}
db2 connect to x user me using {}
db2 "connect to x user me using {}"
etcdctl --user root:{} get a
etcdctl --user=root:{} get a
snowsql -u me -p {}
snowsql -a x -u me -p {}
AUTH {}
AUTH default {}
127.0.0.1:6379> AUTH {}
redis-cli AUTH {}
useradd -p {} me
useradd -m -p '{}' me
passphrase for key: {}
Passphrase for key: {}
Enter passphrase for key '/home/me/.ssh/id': {}
mot de passe : {}
Mot de passe: {}
contraseña: {}
Contraseña = {}
пароль: {}
Пароль: {}
密码:{}
密码是 {}
Contrasena: {}
Kennwort: {}
Пароль от базы: {}
mot de passe de la base : {}
set -xg DB_PASSWORD {}
The password for the staging db is:\n\n{}
密码：{}
密码: {}
""".strip().splitlines()
TOKENS = r"""
Here is the API key:\n{}
API key\n{}
| API_KEY | {} |
java -Dapi.key={} -jar a.jar
ENV API_KEY {}
setx API_TOKEN {}
kubectl create secret generic s --from-literal=token={}
X-Api-Key: {}
curl -H "X-Auth-Token: {}" u
?api_key={}&page=2
npm config set //r.org/:_authToken {}
//r.org/:_authToken={}
aws configure set aws_secret_access_key {}
variable "api_token" {{\n  default = "{}"\n}}
API_KEY%3D{}
{{&quot;api_key&quot;: &quot;{}&quot;}}
\u0022api_key\u0022: \u0022{}\u0022
\x1b[34mapi_key\x1b[0m\x1b[1m:\x1b[0m \x1b[32m{}\x1b[0m
secret_key => "{}"
api-key = '{}'
os.environ["API_KEY"] = "{}"
Set-Item env:API_KEY "{}"
$env:API_KEY = '{}'
<add key="ApiKey" value="{}" />
<td>API key</td><td>{}</td>
API_TOKEN\t{}
Here is the API key:\n\n{}
Here is the API key:\n\n    {}
token =\n  '{}'
token = \\n  "{}"
api_key = (\n    "{}"\n)
set -gx API_TOKEN {}
set -Ux GITHUB_TOKEN '{}'
glab variable set API_TOKEN {}
netlify env:set API_KEY {}
circleci context store-secret github org ctx API_KEY {}
##vso[task.setvariable variable=thing;isSecret=true;isOutput=true]{}
echo "::add-mask::{}"
wrangler secret put X <<< "{}"
echo '{}' | npx wrangler secret put API_KEY
npm config set //registry.npmjs.org/:_authToken {}
npm config set //registry.npmjs.org/:_authToken={}
poetry config pypi-token.pypi {}
bundle config set gems.x.com {}
gem push --key {} a.gem
git config --global github.token {}
git config github.token {}
az keyvault secret set --vault-name v --name n --value '{}'
printf "{}" | docker secret create n -
echo {} | gh auth login --with-token
""".strip().splitlines()
PADDED, SLASHED, MIXED = (
    "WnE3bVh3" + "MkxwVjlrUnQ0Qg==",
    "k3Jd82hf/q0ZpX7v" + "Rt5Yb+1mQw9sEaUc4GhT6iOj",
    "k3Jd82hf" + "Lq0ZpX7v",
)
OTHERS = r"""
password: {padded}
  password: {padded}
data:\n  password: {padded}\n  username: YWRtaW4=
aws configure set default.aws_secret_access_key {slashed}
aws configure set aws_secret_access_key {slashed} --profile p
aws_secret_access_key {slashed}
| STRIPE_SECRET | {mixed} |
| API_KEY | {mixed} |
| GITHUB_TOKEN | {mixed} |
| CLIENT_SECRET | {mixed} |
| token | {mixed} |
| `token` | `{mixed}` |
DB_PASSWORD\t{mixed}
npm config set //registry.npmjs.org/:_authToken {slashed}
npm config set //registry.npmjs.org/:_authToken {mixed}
npm config set //registry.npmjs.org/:_password {padded}
poetry config pypi-token.pypi {mixed}
gem push --key {mixed}
git config --global github.token {mixed}
""".strip().splitlines()
INNOCENT = r"""
mysql -p shop
mysql -u root --port 3306 shop
docker run -p 8080:80 web
docker login -u bob --password-stdin
docker login -p $TOKEN ghcr.io
redis-cli -h r1 -p 6379 ping
mongosh --port 27017 --host db
ssh -p 2222 bob@h
mkdir -p a/b/c
cp -a src dst
ldapsearch -x -b dc=x
openssl req -x509 -nodes -days 365
PASS: tests/core/test_text.py
3 pass, 1 fail
pass: true
password: str
The password must be at least 8 characters
enable password reset
net user
curl -u "$USER:$PASS" https://x.org
curl -u bob https://x.org
sshpass -e ssh bob@h
echo hello | docker load
auth=(user, password)
login("bob", password)
a.example.org:8080:x
12:30:45:10:99
kubectl get secret db
gh secret list
vault status
snmp is a protocol of its community
identified by name
| Key | Value |
API key:\nsee the page of settings
machine learning login page password form
Login: see /docs/setup for bob
the user = "name:first" of a map
send "hello" to bob
credentials are in vault/kv
PASSWORD=${DB_PASSWORD:?unset}
PASSWORD=${DB_PASSWORD:?set DB_PASSWORD}
PASSWORD=${DB_PASSWORD:-postgres}
DB_PASSWORD: ${DB_PASSWORD:?err}
7z x -paths archive
7z a -parts archive
7z x archive -password-list
htpasswd -c .htpasswd jane
htpasswd .htpasswd jane
htpasswd -cB .htpasswd jane
localhost:8080:backend:frontend:worker
api:3000:backend:frontend:worker
password: str
| token | description_of_it |
| token | a_long_name_of_a_thing |
| API_KEY | required for the tests |
| Secret | Kubernetes object |
| token | test_tokens_are_counted_once |
| key | value |
| TOKEN_COUNT | 200000 |
| token | tiktoken/o200k_base |
| CLIENT_SECRET | see settings/secrets.py |
| API_KEY | src/settings/api_keys.py |
| token | AbstractTokenProvider |
password\tstring
token\tAbstractTokenProvider
The password is:\n\n- checked at login\n- hashed
Here is the API key:\n\nsee the page of settings
The token is counted:\n\nhandoff_cli/tokens/count.py
The password for staging is:\n\nin the vault
token =\n  get_token()
token =\n  self.next_token
token = (\n  'token'\n)
set -gx PATH /usr/bin $PATH
set -gx EDITOR vim
glab variable list
netlify env:list
netlify env:set NODE_VERSION 20.11.1
##vso[task.setvariable variable=NODE_VERSION]20.11.1
::add-mask::$TOKEN
echo "::add-mask::${{ secrets.X }}"
wrangler secret put X
wrangler secret put API_KEY < file.txt
npm config set registry https://registry.npmjs.org/
npm config set //registry.npmjs.org/:_authToken $NPM_TOKEN
npm config set //registry.npmjs.org/:_authToken ${NPM_TOKEN}
poetry config pypi-token.pypi $TOKEN
poetry config virtualenvs.in-project true
bundle config set --local path vendor/bundle
bundle config set --local without development:test
bundle config set path 'vendor/bundle'
gem push --key rubygems a.gem
gem push pkg/a-1.0.gem
skopeo copy docker://a:latest docker://b:latest
git config --global user.name Jane
git config --global github.user jane
az keyvault secret show --name n
aws ssm put-parameter --name n --type String --value production
echo hello | docker load
echo done | tee log
printf 'a' | gcloud storage cp - gs://b
mongo --port 27017
mongo -u admin -p --host h
mongosh --host h -p
mongo localhost:27017/shop -port 3
mongod --port 27017 -path x
mycli -u root -p
pgcli -p 5432 -h db
mysqladmin -u root ping
mysqladmin -u root password
db2 connect to x user me
db2 connect to x
etcdctl --user root get a
etcdctl get --prefix foo
snowsql -a x -u me
AUTH required
AUTH failed: try again
the AUTH layer is in auth.py
AUTH middleware
AUTH login
AUTH PLAIN
useradd -m me
useradd -r -s /bin/false me
useradd -p password me
passphrase for key: see the vault
mot de passe : requis
mot de passe oublié
contraseña: requerida
пароль: обязателен
mot de passe de la base : requis
Kennwort: erforderlich
The password for the staging db is:\n\nin the vault
密码: 必填
密码:请输入
MAIL AUTH=me
password: admin page
token: string\n\nNext line is here
password:\n\nnext
YWRtaW4= password
""".strip().splitlines()


@pytest.mark.parametrize("line", LINES)
def test_a_password_as_it_is_typed_goes(line):
    text = line.format(SECRET).replace("\\n", "\n").replace("\\t", "\t")
    assert SECRET not in redact(text), redact(text)


@pytest.mark.parametrize("line", TOKENS)
def test_a_token_by_the_name_beside_it_goes(line):
    text = line.format(TOKEN)
    text = text if "\\u" in text else text.replace("\\n", "\n").replace("\\t", "\t")
    assert TOKEN not in redact(text), redact(text)


@pytest.mark.parametrize("line", OTHERS)
def test_a_value_with_padding_slashes_or_of_sixteen_characters_goes(line):
    values = {"padded": PADDED, "slashed": SLASHED, "mixed": MIXED}
    text = line.format(**values).replace("\\n", "\n").replace("\\t", "\t")
    clean = redact(text)
    assert not any(value in clean for value in values.values()), clean


@pytest.mark.parametrize("line", INNOCENT)
def test_what_only_looks_like_a_password_stays(line):
    text = line.replace("\\n", "\n").replace("\\t", "\t")
    assert redact(text) == text


@pytest.mark.parametrize("more", ["", "of it and so on\n" * 400, "of it and so on\n" * 4_000])
def test_a_command_on_a_line_of_its_own_tells_of_the_line_above_in_a_text_of_any_length(more):
    assert redact(f"user deploy {SECRET}\npasv\nbye\n{more}") == f"user deploy [REDACTED:password]\npasv\nbye\n{more}"


def test_no_program_is_passed_over_by_the_quick_look():
    words = {word for words, *_ in PROGRAMS for word in words}
    assert all(any(telling in word for telling in COMMAND_WORDS) or word == "@" for word in words)
    lines = [line.format(SECRET).replace("\\n", "\n") for line in LINES]
    assert all(hides(line) or kinds_in(line) for line in lines)
