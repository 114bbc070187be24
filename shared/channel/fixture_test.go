package channel

import (
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

const secret = "SECtest0000000000"

// noon is the moment of every test: 12:00 in Beijing.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, beijing)

// burst is three events of two tickets and one that came twice.
func burst() News {
	urged := Item{
		Event: "WX-7K3FQ2MK/2", Ticket: "WX-7K3FQ2MK", Seq: 2, What: "urged", State: "assigned",
		Kind: "complaint", KindName: "投诉", Category: "queue", CategoryName: "排队与拥挤", Spot: "gate-e", SpotName: "东门(检票口)",
		Urgent: true, Due: noon.Add(5 * time.Hour), At: noon.Add(-time.Minute),
	}
	filed := Item{
		Event: "WX-9Q8RT6A2/1", Ticket: "WX-9Q8RT6A2", Seq: 1, What: "filed", State: "assigned",
		Kind: "suggestion", KindName: "建议", Category: "signs", CategoryName: "标识标牌",
		Due: noon.AddDate(0, 2, 0), At: noon.Add(-2 * time.Minute),
	}
	late := Item{
		Event: "WX-7K3FQ2MK/3", Ticket: "WX-7K3FQ2MK", Seq: 3, What: "escalated", State: "handling",
		Kind: "complaint", KindName: "投诉", Due: noon.Add(-time.Hour), At: noon,
	}
	return News{Section: "ticketing", SectionName: "票务科", Items: []Item{filed, urged, late, urged}}
}

// single is one event, as mostly is the case.
func single() News {
	n := burst()
	n.Items = n.Items[:1]
	return n
}

// sample is a channel of the kind at an origin.
func sample(kind, origin string) Channel {
	c := Channel{ID: "group", Kind: kind, Secret: secret}
	switch kind {
	case WeCom:
		c.URL, c.Mention = origin+"/cgi-bin/webhook/send?key=73febdcb-1b38", []string{"chen.wei"}
	case DingTalk:
		c.URL, c.Mention = origin+"/robot/send?access_token=7f3a9c21", []string{"13800138000", "manager4220"}
	case Feishu:
		c.URL, c.Mention = origin+"/open-apis/bot/v2/hook/b6d1f1c0-9a52", []string{"ou_18eac85d35a2"}
	case Webhook:
		c.URL = origin + "/desk-news"
	}
	return c
}

// bot starts a server that behaves as the handler says, and a sender that may call it.
func bot(t *testing.T, handler http.HandlerFunc) (*Sender, string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return &Sender{Hosts: []string{server.URL}, PublicURL: "https://desk.example.cn", Now: func() time.Time { return noon }}, server.URL
}

// golden compares with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
	}
}

// papers is news of nothing but papers of meetings.
func papers(months ...string) News {
	n := News{Section: "supervisors", SectionName: "政务公开监督员"}
	for _, m := range months {
		n.Items = append(n.Items, Item{Event: "papers-" + m + ".1", Ticket: m, Seq: 1, What: "papers-made", KindName: "第 1 版", At: noon})
	}
	return n
}
