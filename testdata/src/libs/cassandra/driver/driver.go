// Package driver keeps spans by way of the second version of the driver.
package driver

import (
	gocql "github.com/apache/cassandra-gocql-driver/v2"
)

// Store keeps spans.
type Store struct{ session *gocql.Session }
