// Builds trees of files as Flux's kustomize-controller does, and says what came of each.
//
// It reads a JSON list of {"name", "files": {path: text}, "path"} from its input, and writes a list of
// {"name", "objects" or "error"} in the same order.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/fluxcd/pkg/kustomize"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// namespace is where the scheduler's operator puts an environment's objects, all of them.
const namespace = "environment"

type tree struct {
	Name  string            `json:"name"`
	Files map[string]string `json:"files"`
	Path  string            `json:"path"`
}

type object struct {
	APIVersion string            `json:"apiVersion"`
	Kind       string            `json:"kind"`
	Namespace  string            `json:"namespace,omitempty"`
	Name       string            `json:"name"`
	Labels     map[string]string `json:"labels,omitempty"`
	Data       map[string]any    `json:"data,omitempty"`
}

type result struct {
	Name    string   `json:"name"`
	Objects []object `json:"objects"`
	Error   string   `json:"error,omitempty"`
}

func main() {
	var trees []tree
	if err := json.NewDecoder(os.Stdin).Decode(&trees); err != nil {
		fmt.Fprintln(os.Stderr, "the input is not a list of trees:", err)
		os.Exit(2)
	}
	results := make([]result, 0, len(trees))
	for _, each := range trees {
		results = append(results, of(each))
	}
	writer := json.NewEncoder(os.Stdout)
	writer.SetEscapeHTML(false)
	if err := writer.Encode(results); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
}

func of(each tree) result {
	objects, err := build(each)
	if err != nil {
		return result{Name: each.Name, Objects: []object{}, Error: err.Error()}
	}
	return result{Name: each.Name, Objects: objects}
}

func build(each tree) ([]object, error) {
	root, err := os.MkdirTemp("", "tree-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(root)
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return nil, err
	}
	objects, err := buildIn(root, each)
	if err != nil {
		err = fmt.Errorf("%s", strings.ReplaceAll(err.Error(), root, ""))
	}
	return objects, err
}

func buildIn(root string, each tree) ([]object, error) {
	for path, text := range each.Files {
		place := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(place), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(place, []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	folder := filepath.Join(root, each.Path)
	spec := map[string]any{"targetNamespace": namespace}
	like := unstructured.Unstructured{Object: map[string]any{"spec": spec}}
	if _, err := kustomize.NewGenerator(root, like).WriteFile(folder); err != nil {
		return nil, err
	}
	built, err := kustomize.SecureBuild(root, folder, false)
	if err != nil {
		return nil, err
	}
	text, err := built.AsYaml()
	if err != nil {
		return nil, err
	}
	objects := []object{}
	documents := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	for {
		read := unstructured.Unstructured{}
		if err := documents.Decode(&read); err == io.EOF {
			return objects, nil
		} else if err != nil {
			return nil, err
		}
		if len(read.Object) == 0 {
			continue
		}
		kept, _, err := unstructured.NestedMap(read.Object, "data")
		if err != nil {
			return nil, err
		}
		objects = append(objects, object{
			APIVersion: read.GetAPIVersion(), Kind: read.GetKind(), Namespace: read.GetNamespace(),
			Name: read.GetName(), Labels: read.GetLabels(), Data: kept,
		})
	}
}
