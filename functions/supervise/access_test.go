package main

import (
	"maps"
	"slices"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/infra/local/template"
	"steledesk/shared/access"
)

// Every route by everybody: who may not call it is told so before anything is read, and who may is not.
func TestRoutesAreForTheirRolesAlone(t *testing.T) {
	f := newFunction(t)
	params := map[string]string{"number": "WX-K37G0A0H", "month": "2026-10", "year": "2026", "file": "digest.html", "decision": "1"}
	for _, route := range slices.Sorted(maps.Keys(f.Routes)) {
		if access.Open(route) {
			continue
		}
		if status, body := f.do(call{route: route, params: params}); status != 401 || body["code"] != "unauthenticated" {
			t.Errorf("%s by nobody: got %d %v", route, status, body)
		}
		for _, a := range people {
			status, body := f.do(call{who: a.Login, route: route, params: params})
			want := access.Allowed(route, a.Principal())
			refused := status == 403 && (body["code"] == "forbidden" || body["code"] == "must-change")
			if a.MustChange && body["code"] != "must-change" && body["code"] != "forbidden" {
				t.Errorf("%s by %s with a password to change: got %d %v", route, a.Login, status, body)
			} else if !a.MustChange && refused == want {
				t.Errorf("%s by %s: got %d %v, allowed: %v", route, a.Login, status, body, want)
			}
		}
	}
}

// What is deployed and what the function answers are the same routes; that package access has them is Guard's to say.
func TestRoutesAreTheTemplates(t *testing.T) {
	model, err := template.Usual("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var deployed []string
	for _, r := range model.Routes {
		if r.Function == "SuperviseFunction" {
			deployed = append(deployed, r.Method+" "+r.Path)
		}
	}
	slices.Sort(deployed)
	if answered := slices.Sorted(maps.Keys(newFunction(t).Routes)); !slices.Equal(deployed, answered) {
		t.Errorf("deployed: %s\nanswered: %s", deployed, answered)
	}
}

// Who somebody is comes from the session alone: claims of an authorizer and headers like a gateway's make nobody a
// supervisor, and no supervisor the office.
func TestClaimsFromOutsideAreNoSession(t *testing.T) {
	f := newFunction(t)
	for _, c := range []struct {
		call call
		want int
	}{
		{call{route: "GET /v1/feedback"}, 401},
		{call{route: "GET /v1/meetings/{month}"}, 401},
		{call{who: "ticketing", route: "GET /v1/feedback"}, 403},
		{call{who: "supervisor", route: planRoute, body: plan, headers: map[string]string{"if-match": "0"}}, 403},
		{call{who: "leader", route: decideRoute, body: goodDecision, headers: key("a-key-of-the-decision")}, 403},
	} {
		r := f.request(at(c.call.route, c.call))
		r.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			JWT:    &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: map[string]string{"sub": "office", "role": "office"}, Scopes: []string{"office", "supervisor"}},
			Lambda: map[string]any{"login": "office", "roles": []string{"office", "supervisor"}},
		}
		r.Headers["x-forwarded-user"], r.Headers["x-amzn-oidc-identity"], r.Headers["x-http-method-override"] = "office", "office", "GET"
		out, err := f.Serve(t.Context(), r)
		if err != nil || out.StatusCode != c.want {
			t.Errorf("%s by %q: %d %s, %v; want %d", c.call.route, c.call.who, out.StatusCode, out.Body, err, c.want)
		}
	}
}
