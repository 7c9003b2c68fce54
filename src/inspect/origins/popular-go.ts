/**
 * Well-known owners of Go modules. The list is maintained by hand: a module of any other owner is a finding for a person.
 */
export const POPULAR_GO: ReadonlySet<string> = new Set(
  `
99designs AlecAivazis Azure BurntSushi ClickHouse DATA-DOG DataDog IBM Jeffail Kong KyleBanks Masterminds Microsoft
PuerkitoBio ProtonMail Shopify VictoriaMetrics adrg agnivade alecthomas alicebob allegro andybalholm antchfx antlr
apache asaskevich auth0 avast aws aymerick beorn7 benbjohnson beevik bits-and-blooms blang blevesearch bluele bradfitz
bufbuild bwmarrin bytedance caarlos0 caddyserver cenkalti cespare charmbracelet chzyer cilium cli cloudflare
cloudwego cockroachdb confluentinc containerd coreos cosmtrek cpuguy83 creack creasty d5 davecgh daviddengcn dgraph-io
dghubble dgryski disintegration dlclark docker dustin dvyukov eapache ebitengine elastic emersion emirpasic envoyproxy
etcd-io evanphx facebookgo fatih felixge flosch fsnotify fxamacker gabriel-vasile gavv gdamore getsentry ghodss gin-contrib
gin-gonic glebarez go-chi go-faker go-git go-gorm go-jose go-kit go-kratos go-ldap go-logr go-mail go-ole go-openapi
go-playground go-redis go-resty go-rod go-sql-driver go-stack go-task go-test go-yaml go-zookeeper goccy gocql gofiber
gofrs gogo goji gojuno golang golang-jwt golang-migrate golangci gomarkdown gomodule google googleapis googlecloudplatform
gookit gopherjs goreleaser gorilla gosimple grafana graphql-go grpc-ecosystem h2non hajimehoshi hashicorp hibiken
hpcloud iancoleman imdario inconshreveable influxdata itchyny jackc jaytaylor jdx jedib0t jessevdk jhump jinzhu jmespath
jmoiron joho josharian jpillora json-iterator julienschmidt kardianos kballard kevinburke kisielk klauspost knadh kr kylelemons
labstack leodido lestrrat-go lib lithammer lucasb-eyer lufia magefile magiconair mailru manifoldco markbates mattn
matttproud matryer mgutz microcosm-cc minio mitchellh moby modern-go montanaflynn mostynb mozillazg muesli multiformats
nats-io ncruces nicksnyder nsf nxadm oklog oleiade olekukonko ollama onsi open-policy-agent openai opencontainers
opentracing ory otiai10 patrickmn paulmach pborman pelletier peterbourgon pierrec pingcap pkg planetscale pmezard
pressly prometheus quic-go rabbitmq radovskyb redis redpanda-data rivo robfig rogpeppe rs russross sagikazarmark samber
santhosh-tekuri sashabaranov satori sebdah segmentio sergi shirou shopspring shurcooL sirupsen skip2 slok smartystreets
sony sourcegraph spaolacci spf13 spiffe stoewer streadway stretchr subosito swaggo syndtr tdewolff temporalio testcontainers
thoas tidwall tinylib tmc tmthrgd toorop traefik twitchyliquid64 twmb ugorji ulikunitz ulule uptrace urfave urlbox
valyala vektah vmihailenco whyrusleeping wk8 xanzy xdg-go xeipuu xhit xi2 xiang90 xo xrash xuri yosssi youmark
yuin yusufpapurcu zclconf zenazn zeromicro zyedidia
`
    .split(/\s+/)
    .filter((owner) => owner !== '')
    .map((owner) => `github.com/${owner}`)
    .concat('gopkg.in/yaml.v3', 'gopkg.in/yaml.v2', 'gopkg.in/check.v1', 'gopkg.in/ini.v1', 'gopkg.in/inf.v0')
    .concat('gopkg.in/tomb.v1', 'gopkg.in/natefinch', 'gopkg.in/alecthomas', 'gopkg.in/square', 'gopkg.in/mgo.v2'),
);
