package main

import (
	"context"
	"net/http"

	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
)

type mattersBody struct {
	Spot    httpapi.Named `json:"spot"`
	Matters []matterShown `json:"matters"`
}

// matterShown is what anybody may know of what others reported at a spot.
type matterShown struct {
	Kind     httpapi.Named `json:"kind"`
	Category httpapi.Named `json:"category"`
	State    httpapi.Named `json:"state"`
	DaysAgo  int           `json:"daysAgo"` // since the last report
	Count    int           `json:"count"`
}

// matters tells a visitor what is reported at a spot and being handled.
func (s *submit) matters(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	spot := r.Param("spot")
	found, err := s.desk.Matters(ctx, spot, r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	o, _, err := s.desk.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	said := func(group, id string) httpapi.Named {
		return httpapi.Named{ID: id, Name: phrase.In(r.Language, group+"."+id)}
	}
	body := mattersBody{Spot: httpapi.Named{ID: spot, Name: o.SpotName(spot, r.Language)}, Matters: []matterShown{}}
	for _, m := range found {
		body.Matters = append(body.Matters, matterShown{
			Kind: said("kind", string(m.Kind)), Category: httpapi.Named{ID: m.Category, Name: o.CategoryName(m.Category, r.Language)},
			State: said("state", string(m.State)), DaysAgo: m.DaysAgo, Count: m.Count,
		})
	}
	response, err := httpapi.JSON(http.StatusOK, body)
	if err == nil {
		response.Headers["cache-control"] = "public, max-age=60"
		response.Headers["vary"] = "accept-language"
	}
	return response, err
}
