package main

// step is one thing that is done to a matter: by its visitor, by a login, or by the section that has it ("section") or
// whoever oversees that ("overseer"). TEXT in what is sent becomes a marked text, PHOTO a marked photo's id.
type step struct{ who, name, body string }

// course is a matter and what becomes of it.
type course struct {
	name, kind, category string
	form                 bool // it is filed and followed on the pages, and not over the API
	steps                []step
}

// what most steps send
const (
	saying = `{"text":"TEXT"}`
	reply  = `{"outcome":"explained","text":"TEXT"}`
)

// who is not named by a login
const (
	byVisitor  = ""
	bySection  = "section"
	byOverseer = "overseer"
)

// courses have at least one of everything that a text, a photo or a contact may come with, and each ends in its own way.
var courses = []course{
	{name: "a complaint that goes everywhere", kind: "complaint", category: "ticketing", steps: []step{
		{byVisitor, "push", ""}, {byVisitor, "message", `{"text":"TEXT","photos":["PHOTO"]}`},
		{bySection, "sign", `{}`}, {bySection, "note", saying}, {bySection, "contact", ""},
		{bySection, "extend", `{"days":1,"text":"TEXT"}`}, {bySection, "ask", saying},
		{byVisitor, "supply", `{"text":"TEXT","photos":["PHOTO"]}`}, {byOverseer, "urge", saying}, {byOverseer, "oversee", saying},
		{bySection, "answer", reply}, {byOverseer, "reject", saying}, {bySection, "answer", reply}, {byOverseer, "approve", `{}`},
		{byVisitor, "reopen", saying}, {byVisitor, "contact", ""},
		{byOverseer, "transfer", `{"section":"security","text":"TEXT"}`}, {"security", "sign", `{}`},
		{"security", "answer", reply}, {byOverseer, "approve", `{}`},
		{byVisitor, "rating", `{"solved":"yes","level":5,"text":"TEXT"}`}, {byOverseer, "publish", `{}`},
	}},
	{name: "a complaint that is sent back and referred", kind: "complaint", category: "ticketing", steps: []step{
		{bySection, "return", saying}, {byOverseer, "deny", saying}, {bySection, "sign", `{}`}, {bySection, "contact", ""},
		{byOverseer, "refer", `{"to":"12345","text":"TEXT"}`},
	}},
	{name: "a complaint to a section whose group is closed, sent on and declined", kind: "complaint", category: "cleanliness", steps: []step{
		{bySection, "return", saying}, {byOverseer, "uphold", `{"section":"security","text":"TEXT"}`},
		{byOverseer, "decline", `{"reason":"other","text":"TEXT"}`},
	}},
	{name: "an enquiry that is withdrawn", kind: "enquiry", category: "ticketing", steps: []step{
		{byVisitor, "message", saying}, {byVisitor, "contact-delete", ""}, {byVisitor, "withdraw", saying},
	}},
	{name: "a report", kind: "report", category: "ticketing", steps: []step{
		{byVisitor, "message", saying}, {bySection, "sign", `{}`}, {bySection, "note", saying}, {bySection, "contact", ""},
		{bySection, "ask", saying}, {byVisitor, "supply", saying}, {bySection, "answer", reply},
		{byVisitor, "rating", `{"solved":"yes","level":5,"text":"TEXT"}`},
	}},
	{name: "praise on the pages", kind: "praise", category: "ticketing", form: true, steps: []step{
		{byVisitor, "message", saying}, {bySection, "sign", `{}`}, {bySection, "answer", reply},
		{byVisitor, "rating", `{"solved":"yes","level":5,"text":"TEXT"}`},
	}},
}
