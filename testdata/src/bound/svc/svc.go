// Package svc works for the handlers, which are not in sight.
package svc

import (
	"context"

	"corpus/bound/db"
)

// Service works on boards.
type Service struct{ q *db.Queries }

// Title names a board, by the query that asks nobody.
//
// case: bound/twin
func (s *Service) Title(ctx context.Context, id string) (string, error) {
	board, err := s.q.GetBoard(ctx, id) // want `call GetBoardInTenant, which asks for it`
	if err != nil {
		return "", err
	}
	return board.Name, nil
}

// TitleIn names a board of a tenant.
//
// case: bound/twin-called clean
func (s *Service) TitleIn(ctx context.Context, tenant, id string) (string, error) {
	board, err := s.q.GetBoardInTenant(ctx, db.GetBoardInTenantParams{ID: id, TenantID: tenant})
	if err != nil {
		return "", err
	}
	return board.Name, nil
}

// Summary is for who has found the board before: the query has no twin.
//
// case: bound/no-twin clean
func (s *Service) Summary(ctx context.Context, id string) (string, error) {
	cards, err := s.q.ListCards(ctx, id)
	if err != nil || len(cards) == 0 {
		return "", err
	}
	return cards[0].Title, nil
}

// BoardOf follows a row that it was handed: whose it is was asked there.
//
// case: bound/twin-of-row clean
func (s *Service) BoardOf(ctx context.Context, card db.Card) (string, error) {
	board, err := s.q.GetBoard(ctx, card.BoardID)
	if err != nil {
		return "", err
	}
	return board.Name, nil
}
