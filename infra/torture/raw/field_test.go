package raw

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Editions are compressed in their items: what stood in them used to be passed over by every search.
func TestWhatIsCompressedIsSearched(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(`{"text":"暗语"}`)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var table Table
	err := table.take(item{
		"pk": &types.AttributeValueMemberS{Value: "M#2026-11"}, "sk": &types.AttributeValueMemberS{Value: "ED#001"},
		"body":  &types.AttributeValueMemberB{Value: packed.Bytes()},
		"plain": &types.AttributeValueMemberB{Value: []byte("not packed")},
	})
	if err != nil || len(table.Fields) != 2 {
		t.Fatalf("got %+v, %v", table.Fields, err)
	}
	if all := table.Items[0]; !strings.Contains(all, "暗语") || !strings.Contains(all, "not packed") {
		t.Errorf("got %q", all)
	}
	for _, f := range table.Fields {
		if f.Key != "M#2026-11 ED#001" || f.Name == "body" && f.Text != `{"text":"暗语"}` {
			t.Errorf("got %+v", f)
		}
	}
}
