package settings_test

import (
	"reflect"
	"testing"

	"steledesk/shared/settings"
)

func TestEveryMissingSettingIsNamed(t *testing.T) {
	t.Setenv("A_TABLE", "steledesk")
	t.Setenv("A_SECRET", "")
	var table, secret, queues, url string
	var hosts []string
	err := settings.Read(settings.Text("A_TABLE", &table), settings.Text("A_SECRET", &secret), settings.Text("A_QUEUES", &queues),
		settings.Optional("A_URL", &url), settings.List("A_HOSTS", &hosts))
	if err == nil || err.Error() != "settings are missing from the environment: A_SECRET, A_QUEUES" {
		t.Errorf("got %v", err)
	}
	if table != "steledesk" || url != "" || hosts != nil {
		t.Errorf("got %q, %q, %v", table, url, hosts)
	}
}

// CloudFormation joins lists with commas, and an empty one is an empty text, not a list of one nothing.
func TestLists(t *testing.T) {
	for value, want := range map[string][]string{
		"": nil, ",": nil, "a": {"a"}, "a,b": {"a", "b"}, " a , ,b, ": {"a", "b"},
	} {
		t.Setenv("A_LIST", value)
		var got []string
		if err := settings.Read(settings.List("A_LIST", &got)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %q, %v; want %q", value, got, err, want)
		}
	}
}
