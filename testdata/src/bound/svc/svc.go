// Package svc works for the handlers, which are not in sight.
package svc

import (
	"context"
	"errors"

	"corpus/bound/db"
	"corpus/legacy/auth"
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

// Rename locks the board, as the query within the tenant does not.
//
// case: bound/twin-locks clean
func (s *Service) Rename(ctx context.Context, id string) (string, error) {
	board, err := s.q.LockBoard(ctx, id)
	if err != nil {
		return "", err
	}
	return board.Name, nil
}

// label is asked for boards of rows only.
//
// case: bound/twin-of-rows clean
func (s *Service) label(ctx context.Context, id string) string {
	board, err := s.q.GetBoard(ctx, id)
	if err != nil {
		return "board"
	}
	return board.Name
}

// Labels labels the cards that it was handed.
func (s *Service) Labels(ctx context.Context, cards []db.Card) []string {
	var out []string
	for _, c := range cards {
		out = append(out, s.label(ctx, c.BoardID))
	}
	return out
}

// kept is called by nobody.
func (s *Service) kept(ctx context.Context, id string) string { return s.label(ctx, id) }

// heading is asked for boards of rows, and of whoever names one.
//
// case: bound/twin-of-callers
func (s *Service) heading(ctx context.Context, id string) string {
	board, err := s.q.GetBoard(ctx, id) // want `call GetBoardInTenant, which asks for it`
	if err != nil {
		return "board"
	}
	return board.Name
}

// Headings heads the cards that it was handed.
func (s *Service) Headings(ctx context.Context, cards []db.Card) []string {
	var out []string
	for _, c := range cards {
		out = append(out, s.heading(ctx, c.BoardID))
	}
	return out
}

// Heading heads the board that it was asked for.
func (s *Service) Heading(ctx context.Context, id string) string { return s.heading(ctx, id) }

// Caller returns who a card acts for: the fields are sources by the policy,
// whoever filled them.
func (s *Service) Caller(ctx context.Context, card string) (auth.Principal, error) {
	c, err := s.q.GetCard(ctx, card)
	if err != nil {
		return auth.Principal{}, err
	}
	return auth.Principal{OrgID: c.TenantID}, nil
}

// Finish works on a card of a board, which its callers have found.
func (s *Service) Finish(ctx context.Context, board, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	card, err := s.q.GetCard(ctx, id)
	if err != nil {
		return "", err
	}
	if card.BoardID != board {
		return "", errors.New("a card of another board")
	}
	return card.Title, nil
}

// FinishTitled looks at the title, which says nothing of whose it is.
func (s *Service) FinishTitled(ctx context.Context, title, id string) (string, error) {
	card, err := s.q.GetCard(ctx, id)
	if err != nil {
		return "", err
	}
	if card.Title != title {
		return "", errors.New("a card of another title")
	}
	return card.BoardID, nil
}
