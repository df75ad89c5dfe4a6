// Package handler is a stub of gqlgen's, with its signatures.
package handler

import (
	"net/http"

	"github.com/99designs/gqlgen/graphql"
)

type Server struct{ schema graphql.ExecutableSchema }

func New(es graphql.ExecutableSchema) *Server { return &Server{es} }

func (s *Server) Use(extension graphql.HandlerExtension) {}

func (s *Server) AroundFields(f graphql.FieldMiddleware) {}

func (s *Server) AroundOperations(f graphql.OperationMiddleware) {}

func (s *Server) AroundResponses(f graphql.ResponseMiddleware) {}

func (s *Server) AroundRootFields(f graphql.RootFieldMiddleware) {}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {}
