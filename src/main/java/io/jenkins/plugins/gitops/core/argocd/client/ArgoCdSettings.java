package io.jenkins.plugins.gitops.core.argocd.client;

import java.util.List;

/**
 * One server.
 *
 * @param name as {@code gitops.yaml} calls it
 * @param url of the API, without a slash at its end
 * @param projects at least one; others are never asked for
 */
public record ArgoCdSettings(String name, String url, List<String> projects) {
    public ArgoCdSettings {
        projects = List.copyOf(projects);
    }
}
