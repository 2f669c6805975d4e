// Says of JSON Schemas what gojsonschema, the library of the scheduler's operator, says of them.
//
// It reads a JSON list of {"schema", "values"} from its input, and writes "valid", "violated" or "refused" for
// each, in the same order.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/xeipuuv/gojsonschema"
)

type question struct {
	Schema json.RawMessage `json:"schema"`
	Values json.RawMessage `json:"values"`
}

func main() {
	var questions []question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		fmt.Fprintln(os.Stderr, "the input is not a list of questions:", err)
		os.Exit(2)
	}
	answers := make([]string, 0, len(questions))
	for _, each := range questions {
		answers = append(answers, answer(each))
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
}

func answer(each question) (said string) {
	defer func() {
		if recover() != nil {
			said = "refused"
		}
	}()
	schema := gojsonschema.NewBytesLoader(each.Schema)
	result, err := gojsonschema.Validate(schema, gojsonschema.NewBytesLoader(each.Values))
	if err != nil {
		return "refused"
	}
	if result.Valid() {
		return "valid"
	}
	return "violated"
}
