"""Passwords as people type them: options of programs, password files, assignments, calls; and what only looks so."""

from __future__ import annotations

import pytest

from handoff_cli.redaction.commands import WORDS
from handoff_cli.redaction.redact import TELLING_WORDS, may_hold_secret, redact

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
""".strip().splitlines()


@pytest.mark.parametrize("line", LINES)
def test_a_password_as_it_is_typed_goes(line):
    text = line.format(SECRET).replace("\\n", "\n")
    assert SECRET not in redact(text), redact(text)


@pytest.mark.parametrize("line", TOKENS)
def test_a_token_by_the_name_beside_it_goes(line):
    text = line.format(TOKEN)
    text = text if "\\u" in text else text.replace("\\n", "\n")
    assert TOKEN not in redact(text), redact(text)


@pytest.mark.parametrize("line", INNOCENT)
def test_what_only_looks_like_a_password_stays(line):
    text = line.replace("\\n", "\n")
    assert redact(text) == text


def test_no_program_is_passed_over_by_the_quick_look():
    assert all(any(telling in f"{word} " for telling in TELLING_WORDS) for word in WORDS)
    assert all(may_hold_secret(line.format(SECRET).replace("\\n", "\n")) for line in LINES)
