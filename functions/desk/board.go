package main

import (
	"context"
	"net/http"

	"steledesk/shared/desk"
	"steledesk/shared/httpapi"
)

type boardBody struct {
	Sections []standingBody `json:"sections"`
}

// standingBody is how a section stands.
type standingBody struct {
	Section httpapi.Named `json:"section"`
	countsBody
	Returned int       `json:"returned"`
	Rates    ratesBody `json:"rates"`
}

type ratesBody struct {
	InTime    rateBody `json:"inTime"`
	Satisfied rateBody `json:"satisfied"`
	Reopened  rateBody `json:"reopened"`
}

// rateBody is a share of n; null when n is too small to be told.
type rateBody struct {
	Share *float64 `json:"share"`
	N     int      `json:"n"`
}

func rateOf(r desk.Rate) rateBody {
	if share, told := r.Share(); told {
		return rateBody{Share: &share, N: r.Of}
	}
	return rateBody{N: r.Of}
}

func (s *server) board(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	board, err := s.desk.Board(ctx, r.Principal, r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	o, _, err := s.desk.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	body := boardBody{Sections: []standingBody{}}
	for _, one := range board {
		body.Sections = append(body.Sections, standingBody{
			Section: httpapi.Named{ID: one.Section, Name: o.SectionName(one.Section, r.Language)}, countsBody: countsBody(one.Counts), Returned: one.Returned,
			Rates: ratesBody{InTime: rateOf(one.InTime), Satisfied: rateOf(one.Satisfied), Reopened: rateOf(one.Reopened)},
		})
	}
	return httpapi.JSON(http.StatusOK, body)
}
