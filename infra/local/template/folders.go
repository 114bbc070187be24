package template

import (
	"fmt"
	"os"
)

// Folders gives the code folders of the functions that the template file declares, such as
// "functions/submit", without a trailing slash, in the template's order.
func Folders(file string) ([]string, error) {
	model, err := Usual(file)
	if err != nil {
		return nil, err
	}
	var folders []string
	for _, f := range model.Functions {
		folders = append(folders, f.Folder)
	}
	return folders, nil
}

// Tables gives the tables that the template file declares, named as a stack called "steledesk" has them.
func Tables(file string) ([]Table, error) {
	model, err := Usual(file)
	if err != nil {
		return nil, err
	}
	return model.Tables, nil
}

// Usual reads the template file as a stack with the usual settings has it: called "steledesk", in us-east-1, of account
// 000000000000.
func Usual(file string) (*Model, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	parsed, err := Parse(file, text)
	if err != nil {
		return nil, err
	}
	return parsed.Resolve(Settings{Stack: "steledesk", Region: "us-east-1", Account: "000000000000"})
}
