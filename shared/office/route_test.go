package office

import (
	"testing"

	"pgregory.net/rapid"

	"steledesk/shared/ticket"
)

func TestRoute(t *testing.T) {
	o := Default()
	for _, tt := range []struct {
		name   string
		matter Matter
		want   Routing
	}{
		{"second level's first level", Matter{Kind: "complaint", Category: "ticket-refund"},
			Routing{Kind: "complaint", Section: "ticketing", Why: "category:ticket-refund"}},
		{"first level alone", Matter{Kind: "complaint", Category: "traffic"},
			Routing{Kind: "complaint", Section: "security", Why: "category:traffic"}},
		{"second level's own section", Matter{Kind: "complaint", Category: "stalls"},
			Routing{Kind: "complaint", Section: "enforcement", Why: "category:stalls"}},
		{"a spot does not move what is not bySpot", Matter{Kind: "complaint", Category: "toilets", Spot: "RK01"},
			Routing{Kind: "complaint", Section: "gardens", Why: "category:toilets"}},
		{"manner, at a spot", Matter{Kind: "complaint", Category: "attitude", Spot: "RK01"},
			Routing{Kind: "complaint", Section: "visitors", Why: "spot:RK01"}},
		{"manner, second level at a spot", Matter{Kind: "complaint", Category: "attitude-other", Spot: "TZ01"},
			Routing{Kind: "complaint", Section: "exhibition", Why: "spot:TZ01"}},
		{"manner, nowhere", Matter{Kind: "complaint", Category: "attitude"},
			Routing{Kind: "complaint", Section: "office", Why: "category:attitude"}},
		{"manner, at a spot nobody knows", Matter{Kind: "complaint", Category: "attitude", Spot: "ZZ99"},
			Routing{Kind: "complaint", Section: "office", Why: "category:attitude"}},
		{"manner of guards, anywhere", Matter{Kind: "complaint", Category: "attitude-guard", Spot: "RK01"},
			Routing{Kind: "complaint", Section: "security", Why: "category:attitude-guard"}},
		{"enquiry without category", Matter{Kind: "enquiry", Text: "几点关门？"},
			Routing{Kind: "enquiry", Section: "visitors", Why: "fallback:enquiry"}},
		{"complaint without category", Matter{Kind: "complaint", Spot: "RK01", Text: "不好"},
			Routing{Kind: "complaint", Section: "office", Triage: true, Why: "triage"}},
		{"category nobody knows", Matter{Kind: "complaint", Category: "gone"},
			Routing{Kind: "complaint", Section: "office", Triage: true, Why: "triage"}},
		{"something else is the office's, not lost", Matter{Kind: "suggestion", Category: "other"},
			Routing{Kind: "suggestion", Section: "office", Why: "category:other"}},
		{"report about ticketing", Matter{Kind: "report", Category: "ticket-price", Spot: "RK02"},
			Routing{Kind: "report", Section: "discipline", Why: "kind:report"}},
		{"complaint about misconduct is a report", Matter{Kind: "complaint", Category: "corruption"},
			Routing{Kind: "report", Section: "discipline", Why: "category:corruption"}},
		{"praise under misconduct too", Matter{Kind: "praise", Category: "misconduct"},
			Routing{Kind: "report", Section: "discipline", Why: "category:misconduct"}},
		{"safety is urgent", Matter{Kind: "suggestion", Category: "railings"},
			Routing{Kind: "suggestion", Section: "security", Urgent: true, Why: "category:railings", WhyUrgent: "category:railings"}},
		{"weathering is not", Matter{Kind: "complaint", Category: "weathering", Text: "石刻风化了"},
			Routing{Kind: "complaint", Section: "relics", Why: "category:weathering"}},
		{"seepage now is", Matter{Kind: "complaint", Category: "weathering", Text: "岩壁正在漏水"},
			Routing{Kind: "complaint", Section: "relics", Urgent: true, Why: "category:weathering", WhyUrgent: "category:weathering"}},
		{"carving going on, category wrong", Matter{Kind: "complaint", Category: "litter", Text: "有人在石头上刻字"},
			Routing{Kind: "complaint", Section: "relics", Urgent: true, Why: "rule:relics-being-damaged", WhyUrgent: "rule:relics-being-damaged"}},
		{"the same in a report stays with discipline", Matter{Kind: "report", Category: "litter", Text: "有人在石头上刻字"},
			Routing{Kind: "report", Section: "discipline", Why: "kind:report"}},
		{"a report of danger is urgent, and discipline's", Matter{Kind: "report", Text: "有人被打伤，流血了"},
			Routing{Kind: "report", Section: "discipline", Urgent: true, Why: "kind:report", WhyUrgent: "rule:people-in-danger"}},
		{"danger in an enquiry", Matter{Kind: "enquiry", Text: "小孩走失了怎么办"},
			Routing{Kind: "enquiry", Section: "visitors", Urgent: true, Why: "fallback:enquiry", WhyUrgent: "rule:people-in-danger"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := o.Route(tt.matter); got != tt.want {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

// Words are where a desk cries wolf or sleeps; each line is a sentence a visitor would write.
func TestUrgentWords(t *testing.T) {
	o := Default()
	for _, tt := range []struct {
		kind ticket.Kind
		text string
		want bool
	}{
		{"complaint", "渡香桥那边有人落水了！", true},
		{"complaint", "落水管坏了，雨天溅一身", false},
		{"complaint", "落水管旁边有小孩落水", true},
		{"complaint", "游客踩踏草坪没人管", false},
		{"complaint", "人太多了，要踩踏了", true},
		{"complaint", "坐火车来的，门口等了半小时", false},
		{"complaint", "故居电箱着火", true},
		{"complaint", "參觀時有人受傷", true},
		{"complaint", "台阶滑，摔了，没有受伤", false},
		{"complaint", "被打扰了，一直有喇叭", false},
		{"complaint", "工作人员打人", true},
		{"complaint", "Ａ ＦＩＲＥ ＢＲＯＫＥ ＯＵＴ: FIRE BROKE OUT at the gate", true},
		{"complaint", "ｓｏｍｅｏｎｅ ｉｓ ｄｒｏｗｎｉｎｇ", true},
		{"complaint", "The car park is on Fire", true},
		{"complaint", "The toilets are on fireproof paint", false},
		{"enquiry", "Where are the fireworks tonight? Please help me book", false},
		{"enquiry", "Is the tour uninjured-friendly, e.g. reinjuredness?", false},
		{"praise", "孩子落水，保安跳下去救了上来，感谢！", false},
		{"suggestion", "建议加护栏，防止落水", false},
		{"suggestion", "正在落水，快来", true},
		{"complaint", "票价确凿太贵，正在排队", false},
		{"complaint", "现在有人拿凿子凿石头", true},
		{"complaint", "刚才看到有人拓印", true},
		{"complaint", "碑上以前有人刻字", false},
		{"complaint", "Someone is carving his name right now", true},
		{"complaint", "a knife-wielding, uncollapsed tent, then the wall collapsed", true},
		{"complaint", "", false},
	} {
		if got := o.Route(Matter{Kind: tt.kind, Text: tt.text}); got.Urgent != tt.want {
			t.Errorf("%s %q: got urgent %v (%s), want %v", tt.kind, tt.text, got.Urgent, got.WhyUrgent, tt.want)
		}
	}
}

// The order of rules is the clerk's word: the first that names a section decides, a later one
// may still make it urgent.
func TestRulesInOrder(t *testing.T) {
	o := &Office{
		Categories: []Category{{ID: "a", Section: "x", Sub: []Category{{ID: "b"}}}},
		Routes: []Rule{
			{ID: "urgent-only", Spots: []string{"S1"}, Urgent: true},
			{ID: "first", Categories: []string{"a"}, Section: "y"},
			{ID: "second", Categories: []string{"a"}, Section: "z", Urgent: true},
			{ID: "both", Kinds: []ticket.Kind{"praise"}, Spots: []string{"S2"}, Section: "w"},
		},
	}
	for _, tt := range []struct {
		matter Matter
		want   Routing
	}{
		{Matter{Kind: "complaint", Category: "b"}, Routing{Kind: "complaint", Section: "y", Why: "rule:first", Urgent: true, WhyUrgent: "rule:second"}},
		{Matter{Kind: "complaint", Category: "b", Spot: "S1"}, Routing{Kind: "complaint", Section: "y", Why: "rule:first", Urgent: true, WhyUrgent: "rule:urgent-only"}},
		{Matter{Kind: "praise", Spot: "S2"}, Routing{Kind: "praise", Section: "w", Why: "rule:both"}},
		{Matter{Kind: "praise", Spot: "S3"}, Routing{Kind: "praise", Section: "office", Why: "triage", Triage: true}},
	} {
		if got := o.Route(tt.matter); got != tt.want {
			t.Errorf("%+v:\ngot  %+v\nwant %+v", tt.matter, got, tt.want)
		}
	}
}

// What must hold for every matter anyone can file: it has an owner that exists, and discipline has
// reports, all of them and nothing else.
func TestRouteProperties(t *testing.T) {
	o := Default()
	categories := append((&checker{Office: o}).categoryIDs(), "", "nonsense")
	spots := append(idsOf(o.Spots, func(s Spot) string { return s.ID }), "", "nonsense")
	rapid.Check(t, func(t *rapid.T) {
		m := Matter{
			Kind:     rapid.SampledFrom(ticket.Kinds()).Draw(t, "kind"),
			Category: rapid.SampledFrom(categories).Draw(t, "category"),
			Spot:     rapid.SampledFrom(spots).Draw(t, "spot"),
			Text: rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
				"有人在石头上刻字", "着火", "正在涂鸦", "someone fell into the river"})).Draw(t, "text"),
		}
		got := o.Route(m)
		if _, ok := o.Section(got.Section); !ok {
			t.Fatalf("%+v: no section %q", m, got.Section)
		}
		if report := got.Kind == ticket.Report; report != (got.Section == ticket.DisciplineSection) {
			t.Fatalf("%+v: %+v", m, got)
		}
		if m.Kind == ticket.Report && got.Kind != ticket.Report || got.Why == "" || got.Triage != (got.Why == "triage") {
			t.Fatalf("%+v: %+v", m, got)
		}
		if again := o.Route(m); again != got {
			t.Fatalf("%+v: %+v, then %+v", m, got, again)
		}
	})
}

func TestNames(t *testing.T) {
	o := Default()
	for _, tt := range []struct{ got, want string }{
		{o.SectionName("ticketing", "zh"), "票务科"},
		{o.SectionName("ticketing", "en-GB"), "Ticketing"},
		{o.SectionName("ticketing", "fr"), "票务科"},
		{o.SectionName("gone", "zh"), "gone"},
		{o.CategoryName("toilets", "en"), "Toilets"},
		{o.SpotName("gone", "en"), "gone"},
		{Name{ZH: "甲"}.In("en"), "甲"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
	if top, ok := o.TopCategory("toilets"); !ok || top.ID != "cleanliness" {
		t.Errorf("first level of toilets: got %q", top.ID)
	}
	if got := o.ChannelsOf("ticketing"); got != nil {
		t.Errorf("channels of the built-in office: got %v", got)
	}
}

func BenchmarkRoute(b *testing.B) {
	o := Default()
	m := Matter{Kind: ticket.Complaint, Category: "toilets", Spot: "RK04",
		Text: "今天上午十点左右，入口处的厕所没有水，地面很脏，洗手台也没有洗手液，带着老人和孩子很不方便，希望尽快解决。"}
	for b.Loop() {
		o.Route(m)
	}
}
