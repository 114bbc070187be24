package story

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"steledesk/infra/local/demo"
	"steledesk/infra/local/stack"
	"steledesk/shared/office"
	"steledesk/shared/suspicion"
)

// guarded opens a desk with limits of its own, cheap enough for a test.
func guarded(t *testing.T, limits office.Limits) *desk {
	t.Helper()
	o := office.Default()
	limits.ProofBits = []int{6, 8, 10}
	o.Limits = limits
	return open(t, func(s *stack.Settings) { s.Seed = demo.Seed(o) })
}

// tryFile files at a spot with a text of its own, and gives the answer's status and what it is asked for.
func (d *desk) tryFile(spot, key, proof string) (status int, bits int, token string) {
	d.t.Helper()
	body := fmt.Sprintf(`{"kind":"complaint","category":"ticketing","spot":%q,"text":%q}`, spot, "排队 "+key)
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.URL()+"/v1/tickets", bytes.NewReader([]byte(body)))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", key)
	r.Header.Set("X-Proof", proof)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	var problem struct {
		Challenge struct {
			Token string
			Bits  int
		}
	}
	text, err := io.ReadAll(response.Body)
	if err == nil {
		err = json.Unmarshal(text, &problem)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return response.StatusCode, problem.Challenge.Bits, problem.Challenge.Token
}

// Three hundred visitors at ten spots, all behind one carrier's address: nobody is asked for anything.
func TestCrowdFiles(t *testing.T) {
	t.Parallel()
	d := guarded(t, office.Limits{})
	spots := office.Default().Spots
	for n := range 300 {
		if status, _, _ := d.tryFile(spots[n%10].ID, rand.Text(), ""); status != http.StatusCreated {
			t.Fatalf("visitor %d was answered %d", n, status)
		}
	}
}

// A flood at one spot meets rising work, its neighbours nothing, also in a process that let none of it through itself: the
// counts go by the stream. After the window all is calm.
func TestFloodMeetsWork(t *testing.T) {
	t.Parallel()
	d := guarded(t, office.Limits{SpotFilings: 5, AllFilings: 1000})
	asked := map[int]int{}
	for range 30 {
		key, proof := rand.Text(), ""
		for round := 0; ; round++ {
			status, bits, token := d.tryFile("BL01", key, proof)
			if status == http.StatusCreated {
				break
			}
			if status != http.StatusTooManyRequests || round == 4 {
				t.Fatalf("round %d: %d", round, status)
			}
			asked[bits]++
			proof = suspicion.Work(token, bits)
		}
	}
	if asked[6] < 5 || asked[8] < 10 || asked[10] < 10 {
		t.Errorf("proofs by bits: %v", asked)
	}
	if status, _, _ := d.tryFile("RK04", rand.Text(), ""); status != http.StatusCreated {
		t.Errorf("a neighbour was answered %d", status)
	}
	since := time.Now().Add(-time.Hour)
	d.until("the flood is counted in the table", func() bool {
		counts, err := d.table.Filings(t.Context(), since)
		return err == nil && counts["BL01"] >= 30
	})
	d.skip(time.Hour)
	if status, bits, _ := d.tryFile("BL01", rand.Text(), ""); status != http.StatusCreated {
		t.Errorf("an hour later: %d, %d bits", status, bits)
	}
}
