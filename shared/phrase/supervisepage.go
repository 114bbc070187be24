package phrase

import (
	"maps"
	"strings"
)

// SupervisePage gives every text the supervisors' page needs, by its key: its own, what the desk's page lends it, and the
// catalogue's names of the field's things. It is a new map each time.
func SupervisePage() map[string]Text {
	texts := map[string]Text{}
	for _, part := range []map[string]Text{catalogue, deskPage} {
		maps.Copy(texts, part)
	}
	maps.DeleteFunc(texts, func(key string, _ Text) bool {
		group, _, _ := strings.Cut(key, ".")
		return !lentGroups[group]
	})
	maps.Copy(texts, supervisePage)
	maps.Copy(texts, meetingPage)
	return texts
}

// lentGroups are the groups of other pages' texts that this page shows.
var lentGroups = map[string]bool{"in": true, "pw": true, "net": true, "nav": true}

// supervisePage is what the supervisors' page says.
var supervisePage = map[string]Text{
	"sup.site": {"政务公开监督员", "Supervisors"},
	"tab.mine": {"我的意见", "My feedback"},
}
