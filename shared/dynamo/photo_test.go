package dynamo

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"steledesk/shared/photo"
	"steledesk/shared/phrase"
	"steledesk/shared/visitor/visitortest"
)

// photoID is the n-th photo's id.
func photoID(n int) string {
	return strings.Repeat("a", 22) + fmt.Sprintf("%04d", 2222+n) + "-0123456789abcdef"
}

// What became of a photo is settled once; a try that was not its fault is given back.
func TestAPhotoIsSettledOnce(t *testing.T) {
	table, id := newTable(t), photoID(1)
	for want := 1; want <= 2; want++ {
		if got, err := table.BeginPhoto(t.Context(), id, visitortest.Nine); got != want || err != nil {
			t.Fatalf("try %d counts as %d, %v", want, got, err)
		}
	}
	if err := table.GiveBackPhoto(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if got, err := table.BeginPhoto(t.Context(), id, visitortest.Nine); got != 2 || err != nil {
		t.Fatalf("after one was given back: %d, %v", got, err)
	}
	ready := photo.Photo{ID: id, State: photo.Ready, Width: 1600, Height: 1200}
	for _, p := range []photo.Photo{ready, {ID: id, State: photo.Refused, Reason: photo.Failed}} {
		if err := table.SettlePhoto(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	got, err := table.Photos(t.Context(), []string{id, id, photoID(2)})
	if err != nil || len(got) != 1 || got[id] != ready {
		t.Errorf("got %+v, %v", got, err)
	}
	if n, err := table.BeginPhoto(t.Context(), id, visitortest.Nine); n != 0 || err != nil {
		t.Errorf("a settled photo is tried again: %d, %v", n, err)
	}
}

// More photos than one call reads: an old ticket with many messages.
func TestManyPhotosAreRead(t *testing.T) {
	table := newTable(t)
	var ids []string
	for n := range 120 {
		ids = append(ids, photoID(n))
		if err := table.SettlePhoto(t.Context(), photo.Photo{ID: ids[n], State: photo.Ready}); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := table.Photos(t.Context(), ids); err != nil || len(got) != len(ids) {
		t.Errorf("got %d, %v", len(got), err)
	}
}

// expiry is when a photo's item goes, in seconds since 1970.
func expiry(t *testing.T, table *Table, id string) int64 {
	t.Helper()
	out, err := table.client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &table.name, Key: key(photoPartition(id), "HEAD")})
	if err != nil {
		t.Fatal(err)
	}
	return number(out.Item, "ttl")
}

// A photo that a ticket names lasts, whichever of upload and filing came first; one that none names goes after a week.
func TestUsedPhotosLast(t *testing.T) {
	table := newTable(t)
	before, after, unused := photoID(1), photoID(2), photoID(3)
	for _, id := range []string{before, unused} {
		if _, err := table.BeginPhoto(t.Context(), id, visitortest.Nine); err != nil {
			t.Fatal(err)
		}
	}
	f := visitortest.Complaint()
	f.Matter.Photos = []string{before, after}
	visitortest.File(t, visitortest.Desk(table), f)
	if _, err := table.BeginPhoto(t.Context(), after, visitortest.Nine); err != nil {
		t.Fatal(err)
	}
	week := visitortest.Nine.Add(7 * 24 * time.Hour).Unix()
	for id, want := range map[string]int64{before: forever, after: forever, unused: week} {
		if got := expiry(t, table, id); got != want {
			t.Errorf("%s expires at %d, want %d", id, got, want)
		}
	}
}

// A filing and the cleaning of its photo meet on one item: neither fails for it.
func TestFilingAndCleaningMeet(t *testing.T) {
	table := newTable(t)
	var wg sync.WaitGroup
	for n := range 20 {
		wg.Go(func() {
			f := visitortest.Complaint()
			f.Key, f.Matter.Photos = fmt.Sprintf("key of a filing, number %d", n), []string{photoID(n)}
			if _, err := visitortest.Desk(table).File(t.Context(), f.Key, f.Matter, visitortest.Nine); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			_, err := table.BeginPhoto(t.Context(), photoID(n), visitortest.Nine)
			if err == nil {
				err = table.SettlePhoto(t.Context(), photo.Photo{ID: photoID(n), State: photo.Ready})
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for n := range 20 {
		if got := expiry(t, table, photoID(n)); got != forever {
			t.Errorf("photo %d expires at %d", n, got)
		}
	}
}

// The notice of privacy promises a time in four languages: unused photos used to go a week after the day it named.
func TestUnusedPhotosGoWhenTheNoticeSays(t *testing.T) {
	days := int(unusedKept / (24 * time.Hour))
	for language, want := range map[string]string{"zh": "%d 天后", "en": "after %d days", "ja": "%d 日後", "ko": "%d일 후"} {
		if notice := phrase.In(language, "page.about.kept.text"); !strings.Contains(notice, fmt.Sprintf(want, days)) {
			t.Errorf("%s does not promise %d days: %s", language, days, notice)
		}
	}
}
