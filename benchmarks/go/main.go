// Command benchmarks times text/template with Sprig on the templates of the benchmark.
//
// It reads the data file and the templates named on the command line and prints, for each
// template, one line of JSON: its output, and the nanoseconds of one rendering, parsed before
// and parsed each time (which is what the reference operator does).
package main

import (
	"bytes"
	"encoding/json"
	"os"
	"text/template"
	"time"

	"github.com/Masterminds/sprig"
)

// dataType is what templates of the reference operator see.
type dataType struct {
	DeploymentTargetName string
	Namespace            string
	Environment          string
	Workspace            string
	Workload             string
	Labels               map[string]string
	Manifests            map[string]string
	ClusterType          string
	ConfigData           map[string]interface{}
}

type result struct {
	Output   string  `json:"output"`
	Parsed   float64 `json:"parsed"`
	EachTime float64 `json:"each_time"`
}

const (
	rounds  = 300
	perRun  = 40
	missing = 2
)

func main() {
	if len(os.Args) < missing {
		panic("usage: benchmarks DATA TEMPLATE...")
	}
	var data dataType
	text, err := os.ReadFile(os.Args[1])
	check(err)
	check(json.Unmarshal(text, &data))
	encoder := json.NewEncoder(os.Stdout)
	for _, path := range os.Args[missing:] {
		source, err := os.ReadFile(path)
		check(err)
		check(encoder.Encode(measure(string(source), data)))
	}
}

func measure(source string, data dataType) result {
	parsed := parse(source)
	return result{
		Output:   render(parsed, data),
		Parsed:   fastest(func() { render(parsed, data) }),
		EachTime: fastest(func() { render(parse(source), data) }),
	}
}

func parse(source string) *template.Template {
	return template.Must(template.New("template").Funcs(sprig.TxtFuncMap()).Parse(source))
}

func render(parsed *template.Template, data dataType) string {
	var out bytes.Buffer
	check(parsed.Execute(&out, data))
	return out.String()
}

// fastest returns the nanoseconds of one call in the fastest of many short rounds.
func fastest(call func()) float64 {
	best := time.Duration(1<<63 - 1)
	for round := 0; round < rounds; round++ {
		start := time.Now()
		for i := 0; i < perRun; i++ {
			call()
		}
		best = min(best, time.Since(start))
	}
	return float64(best.Nanoseconds()) / perRun
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
