// Repositories on GitHub, a cluster of AKS, and two clusters that exist: one of them with Flux, set up
// through a provider that this program declares, the other by its context in a kubeconfig.
import * as kubernetes from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

import * as kalypso from "@pulumi/kalypso";

const config = new pulumi.Config();
const owner = config.require("owner");
const reader = { username: "reader", token: config.requireSecret("readerToken") };
const address = `https://github.com/${owner}`;

const repositories = new kalypso.GitHubRepositories("acme", {
    owner: owner,
    prefix: "acme",
    github: "https://github.com",
    visibility: "private",
});

const aks = new kalypso.AksCluster("drone", {
    resourceGroup: "acme-rg",
    clusterName: "drone",
    vmSize: "Standard_B2s",
    login: "workloadidentity",
});
const drone = new kubernetes.Provider("drone", {
    kubeconfig: aks.kubeconfig,
    clusterIdentifier: aks.resourceId,
});

new kalypso.FluxBootstrap(
    "drone",
    {
        url: `${address}/acme-gitops`,
        path: "drone",
        branches: { dev: "dev", stage: "stage" },
        reader: reader,
        prune: true,
    },
    { providers: { kubernetes: drone }, dependsOn: [repositories] },
);

const fleet = new kalypso.Fleet(
    "others",
    {
        url: `${address}/acme-gitops`,
        sources: [`${address}/acme-app-gitops`],
        reader: reader,
        clusters: [
            {
                name: "shop",
                context: "shop",
                clusterType: "large",
                reconciler: "argocd",
                branches: { dev: "dev" },
            },
        ],
    },
    { dependsOn: [repositories] },
);

export const gitops = repositories.paths.apply((paths) => paths["acme-gitops"]);
export const kubeconfigs = pulumi.secret(fleet.kubeconfigs);
