module corpus

go 1.26

require (
	entgo.io/ent v0.14.6
	github.com/aws/aws-sdk-go-v2 v1.39.0
	github.com/aws/aws-sdk-go-v2/service/s3 v1.88.0
	github.com/bradfitz/gomemcache v0.0.0-20250403215159-8d39553ac7cf
	github.com/dgraph-io/ristretto/v2 v2.3.0
	github.com/gin-gonic/gin v1.12.0
	github.com/go-chi/chi/v5 v5.5.0
	github.com/google/uuid v1.6.0
	github.com/hashicorp/golang-lru/v2 v2.0.7
	github.com/patrickmn/go-cache v2.1.0+incompatible
	github.com/redis/go-redis/v9 v9.17.2
	github.com/segmentio/kafka-go v0.4.49
	github.com/tenantvet/tenantvet v0.0.0
	github.com/uptrace/bun v1.2.15
	golang.org/x/sync v0.18.0
)
