package template

import (
	"fmt"
	"os"
)

// Folders gives the code folders of the functions that the template file declares, such as
// "functions/submit", without a trailing slash, in the template's order.
func Folders(file string) ([]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	parsed, err := Parse(file, text)
	if err != nil {
		return nil, err
	}
	model, err := parsed.Resolve(Settings{Stack: "steledesk", Region: "us-east-1", Account: "000000000000"})
	if err != nil {
		return nil, err
	}
	var folders []string
	for _, f := range model.Functions {
		folders = append(folders, f.Folder)
	}
	return folders, nil
}
