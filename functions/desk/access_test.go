package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/infra/local/template"
	"steledesk/shared/access"
	"steledesk/shared/account"
	"steledesk/shared/visitor/visitortest"
)

// Every route by everybody: who may not call it is told so before anything is read, and who may is not.
func TestRoutesAreForTheirRolesAlone(t *testing.T) {
	f := newFunction(t)
	number := f.file(visitortest.Complaint())
	for _, route := range slices.Sorted(maps.Keys(f.Routes)) {
		if access.Open(route) {
			continue
		}
		c := call{route: route, number: number, command: "note"}
		if status, body := f.do(c); status != 401 || body["code"] != "unauthenticated" {
			t.Errorf("%s by nobody: got %d %v", route, status, body)
		}
		for _, a := range staff {
			delete(f.tokens, a.Login) // one route signs out
			c.who = a.Login
			status, body := f.do(c)
			want := access.Allowed(route, a.Principal())
			refused := status == 403 && (body["code"] == "forbidden" || body["code"] == "must-change")
			if must := a.MustChange && !access.WithAnyPassword(route); must && body["code"] != "must-change" {
				t.Errorf("%s by %s with a password to change: got %d %v", route, a.Login, status, body)
			} else if !must && refused == want {
				t.Errorf("%s by %s: got %d %v, allowed: %v", route, a.Login, status, body, want)
			}
		}
	}
}

// What is deployed, what the function answers and what the table of roles says are the same routes.
func TestRoutesAreTheTemplates(t *testing.T) {
	model, err := template.Usual("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var deployed, others []string
	for _, r := range model.Routes {
		switch r.Function {
		case "DeskFunction":
			deployed = append(deployed, r.Method+" "+r.Path)
		case "SuperviseFunction":
			others = append(others, r.Method+" "+r.Path)
		}
	}
	slices.Sort(deployed)
	answered := slices.Sorted(maps.Keys(newFunction(t).Routes))
	if !slices.Equal(deployed, answered) {
		t.Errorf("deployed: %s\nanswered: %s", deployed, answered)
	}
	both := slices.Concat(answered, others)
	slices.Sort(both)
	if table := slices.Sorted(maps.Keys(access.Routes)); !slices.Equal(table, both) {
		t.Errorf("package access: %s\nanswered: %s", table, both)
	}
}

// A page of another site can make a browser send the cookie; without the page's own value nothing is changed by it.
func TestForgedCallsAreRefused(t *testing.T) {
	f := newFunction(t)
	number := f.file(visitortest.Complaint())
	forged := f.request(commandCall("", number, 1, "note", `{"text":"x"}`))
	forged.Cookies = []string{"steledesk=" + f.token("ticketing")}
	if out := f.serve(forged); out.StatusCode != 403 || !strings.Contains(out.Body, `"csrf"`) {
		t.Errorf("without the value: %d %s", out.StatusCode, out.Body)
	}
	forged.Headers["x-csrf-token"] = account.CSRF(f.token("office"))
	if out := f.serve(forged); out.StatusCode != 403 {
		t.Errorf("with another's value: %d %s", out.StatusCode, out.Body)
	}
	forged.Headers["x-csrf-token"] = account.CSRF(f.token("ticketing"))
	if out := f.serve(forged); out.StatusCode != 200 {
		t.Errorf("with its value: %d %s", out.StatusCode, out.Body)
	}
}

// asOffice adds to a call all that a gateway's authorizer, or somebody who writes headers, may claim: to be the office.
func asOffice(r events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPRequest {
	claims := map[string]string{"sub": "office", "login": "office", "role": "office", "scope": "office"}
	r.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		JWT:    &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: claims, Scopes: []string{"office"}},
		Lambda: map[string]any{"login": "office", "roles": []string{"office"}},
		IAM:    &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{UserARN: "arn:aws:iam::000000000000:user/office"},
	}
	for name, value := range map[string]string{
		"x-amzn-oidc-identity": "office", "x-forwarded-user": "office", "x-amz-user": "office", "x-original-url": "/healthz", "x-http-method-override": "GET",
	} {
		r.Headers[name] = value
	}
	return r
}

// Who somebody is comes from the session alone: claims that a gateway's authorizer would have put there, and headers that
// look like a gateway's, open nothing, neither to nobody nor to a clerk who is signed in.
func TestClaimsFromOutsideAreNoSession(t *testing.T) {
	f := newFunction(t)
	for _, route := range []string{"GET /v1/desk/tickets", "GET /v1/office", "GET /v1/desk/audit"} {
		r := asOffice(f.request(call{route: route}))
		r.Headers["authorization"] = "Basic b2ZmaWNlOm9mZmljZQ=="
		if out := f.serve(r); out.StatusCode != 401 {
			t.Errorf("%s by nobody: %d %s", route, out.StatusCode, out.Body)
		}
	}
	for _, c := range []call{
		{route: "GET /v1/office"}, {route: "GET /v1/desk/audit"}, {route: "PUT /v1/office", body: "{}", headers: map[string]string{"if-match": "0"}},
	} {
		c.who = "ticketing"
		if out := f.serve(asOffice(f.request(c))); out.StatusCode != 403 {
			t.Errorf("%s by a clerk who claims to be the office: %d %s", c.route, out.StatusCode, out.Body)
		}
	}
	if out := f.serve(asOffice(f.request(call{who: "ticketing", route: "GET /v1/desk/me"}))); out.StatusCode != 200 || !strings.Contains(out.Body, `"roles":["section"]`) {
		t.Errorf("the clerk is %d %s", out.StatusCode, out.Body)
	}
}
