package io.jenkins.plugins.gitops.core.argocd.client;

import java.util.List;

/**
 * The configuration of one server.
 *
 * @param name as in {@code gitops.yaml}
 * @param url of the API, without a trailing slash
 * @param projects at least one; no others are requested
 */
public record ArgoCdSettings(String name, String url, List<String> projects) {
    public ArgoCdSettings {
        projects = List.copyOf(projects);
    }
}
