// Command pulumi-resource-github is Pulumi's provider for GitHub, as far as a test needs it:
// Pulumi's bridge around the official Terraform provider.
package main

import (
	"github.com/integrations/terraform-provider-github/v6/github"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

// version is that of the SDK pulumi_github that the names are those of; the linker writes it.
var version = "0.0.0"

func main() {
	// The released plugin embeds a schema, from which SDKs are made. To run programs takes its name.
	schema := []byte(`{"name":"github","version":"` + version + `"}`)
	tfbridge.Main("github", version, provider(), schema)
}

// provider maps the Terraform provider to the names of the SDK.
func provider() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:            shimv2.NewProvider(github.NewProvider(version, "")()),
		Name:         "github",
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		Config: map[string]*tfbridge.SchemaInfo{
			"base_url": {Default: &tfbridge.DefaultInfo{
				EnvVars: []string{"GITHUB_BASE_URL"}, Value: "https://api.github.com/",
			}},
			"token": {
				Default: &tfbridge.DefaultInfo{EnvVars: []string{"GITHUB_TOKEN"}}, Secret: tfbridge.True(),
			},
			// GitHub asks for a second between writes. A stand-in for it need not be spared.
			"write_delay_ms": {Default: &tfbridge.DefaultInfo{
				EnvVars: []string{"GITHUB_WRITE_DELAY_MS"}, Value: 1000,
			}},
		},
	}
	info.MustComputeTokens(tokens.SingleModule("github_", "index", tokens.MakeStandard("github")))
	info.SetAutonaming(255, "-")
	return info
}
