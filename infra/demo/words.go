package demo

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"steledesk/shared/ticket"
)

//go:embed words.json
var wordsFile []byte

// phrases is what texts are put together from. Braces are filled in.
type phrases struct {
	Matters            []matter                    `json:"matters"`
	Openings           []string                    `json:"openings"`
	HolidayOpenings    []string                    `json:"holidayOpenings"`
	Closings           []string                    `json:"closings"`
	SuggestionClosings []string                    `json:"suggestionClosings"`
	EnquiryClosings    []string                    `json:"enquiryClosings"`
	PraiseClosings     []string                    `json:"praiseClosings"`
	Wishes             []string                    `json:"wishes"`
	English            map[ticket.Kind][]string    `json:"english"`
	Feedback           []string                    `json:"feedback"`
	Resolution         []string                    `json:"resolution"`
	Answers            map[ticket.Outcome][]string `json:"answers"`
	Did                map[string][]string         `json:"did"` // by first-level category
	Asks               []string                    `json:"asks"`
	Supplies           []string                    `json:"supplies"`
	Returns            []string                    `json:"returns"`
	Upholds            []string                    `json:"upholds"`
	Denials            []string                    `json:"denials"`
	Extensions         []string                    `json:"extensions"`
	Notes              []string                    `json:"notes"`
	Rejections         []string                    `json:"rejections"`
	Approvals          []string                    `json:"approvals"`
	Urges              []string                    `json:"urges"`
	Overseen           []string                    `json:"overseen"`
	Transfers          []string                    `json:"transfers"`
	Declines           []string                    `json:"declines"`
	Referrals          []string                    `json:"referrals"`
	Bodies             []string                    `json:"bodies"`
	Messages           []string                    `json:"messages"`
	Withdrawals        []string                    `json:"withdrawals"`
	Contented          []string                    `json:"contented"`
	Discontented       []string                    `json:"discontented"`
	Reopens            []string                    `json:"reopens"`
}

// matter is what people write about one category.
type matter struct {
	Category   string   `json:"category"`
	Weight     int      `json:"weight"`
	Spots      []string `json:"spots"` // one that is named twice is twice as likely
	Complaint  []string `json:"complaint"`
	Suggestion []string `json:"suggestion"`
	Enquiry    []string `json:"enquiry"`
	Praise     []string `json:"praise"`
	Report     []string `json:"report"`
}

func (m matter) texts(k ticket.Kind) []string {
	switch k {
	case ticket.Complaint:
		return m.Complaint
	case ticket.Suggestion:
		return m.Suggestion
	case ticket.Enquiry:
		return m.Enquiry
	case ticket.Praise:
		return m.Praise
	case ticket.Report:
		return m.Report
	}
	return nil
}

var read = sync.OnceValue(func() *phrases {
	p := &phrases{}
	if err := json.Unmarshal(wordsFile, p); err != nil {
		panic("demo: words.json: " + err.Error()) // a broken build: no input reaches this
	}
	return p
})

// known lists what there is to write about among the office's categories and spots, by kind.
func (d *Desk) known() map[ticket.Kind][]matter {
	all := map[ticket.Kind][]matter{}
	for _, m := range d.words.Matters {
		if _, known := d.office.Category(m.Category); !known && m.Category != "" {
			continue
		}
		m.Spots = d.spots(m.Spots)
		for _, k := range ticket.VisitorKinds() {
			if len(m.texts(k)) > 0 {
				all[k] = append(all[k], m)
			}
		}
	}
	return all
}

// spots leaves out those that the office does not have.
func (d *Desk) spots(ids []string) []string {
	kept := []string{}
	for _, id := range ids {
		if _, known := d.office.Spot(id); known || id == "" {
			kept = append(kept, id)
		}
	}
	if len(kept) == 0 {
		return []string{""}
	}
	return kept
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// scene is what a text is about, to fill in its braces.
type scene struct {
	at      time.Time
	spot    string // name; empty: none
	section string // name
	topic   string // id of the first-level category
}

func (d *Desk) fill(r *rand.Rand, text string, s scene) string {
	if did := d.words.Did[s.topic]; len(did) > 0 {
		text = strings.ReplaceAll(text, "{did}", pick(r, did))
	}
	text = strings.ReplaceAll(text, "{did}", pick(r, d.words.Did[""]))
	if !strings.Contains(text, "{") {
		return text
	}
	spot := s.spot
	if spot == "" {
		spot = "园区"
	}
	between := func(low, high int) string { return strconv.Itoa(low + r.IntN(high-low+1)) }
	return strings.NewReplacer("{age}", between(60, 75), "{price}", between(5, 60), "{n}", between(3, 20), "{few}", between(2, 5),
		"{wait}", between(3, 18)+pick(r, []string{"0", "5"}), "{day}", between(2, 30), "{hour}", between(9, 17),
		"{spot}", spot, "{section}", s.section, "{holiday}", holidays[s.at.Month()],
		"{date}", fmt.Sprintf("%d月%d日", s.at.Month(), s.at.Day())).Replace(text)
}
