package io.jenkins.plugins.gitops.status.argocd;

import hudson.ProxyConfiguration;
import io.jenkins.plugins.gitops.config.ArgoCdServerConfiguration;
import io.jenkins.plugins.gitops.core.argocd.client.ArgoCdClient;
import io.jenkins.plugins.gitops.core.argocd.client.ArgoCdServer;
import io.jenkins.plugins.gitops.core.argocd.client.ArgoCdSettings;
import io.jenkins.plugins.gitops.core.argocd.client.AwaitedCommit;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.repository.BackgroundPools;
import io.jenkins.plugins.gitops.status.StatusSources;
import java.net.http.HttpClient;
import java.time.InstantSource;
import jenkins.model.Jenkins;

/** An Argo CD server as configured in Jenkins; uses Jenkins' proxy and the JVM's trust store. */
final class ConfiguredArgoCdServer {
    private final ArgoCdServer server;
    private volatile ArgoCdServerConfiguration configuration;
    private HttpClient http;
    private ProxyConfiguration proxy;

    ConfiguredArgoCdServer(ArgoCdServerConfiguration configuration, InstantSource clock) {
        this.configuration = configuration;
        this.server = new ArgoCdServer(
                new ArgoCdSettings(configuration.getName(), configuration.getUrl(), configuration.projectList()),
                this::http,
                new ArgoCdToken(configuration.getCredentialsId(), configuration.getUrl())::header,
                BackgroundPools.get().reading("Argo CD " + configuration.getName()),
                clock,
                StatusSources::changed);
    }

    ArgoCdServerConfiguration configuration() {
        return configuration;
    }

    ArgoCdServer server() {
        return server;
    }

    ArgoCdClient client() {
        return server.client();
    }

    /**
     * Applies a changed configuration if it is still for the same server and projects, so that the cached state stays
     * valid.
     *
     * @return false if the server must be replaced
     */
    boolean reconfigure(ArgoCdServerConfiguration other) {
        boolean same = configuration.getUrl().equals(other.getUrl())
                && configuration.getCredentialsId().equals(other.getCredentialsId())
                && configuration.getProjects().equals(other.getProjects());
        if (same) {
            configuration = other;
        }
        return same;
    }

    boolean concerns(AwaitedCommit one) {
        return configuration.mayReport(one.target().environment())
                && one.target().isDeployedBy(AgentKind.ARGO_CD, configuration.getName());
    }

    private HttpClient http() {
        return http(Jenkins.get().getProxy());
    }

    /** One client for all requests; replaced when the proxy configuration changes. */
    private synchronized HttpClient http(ProxyConfiguration now) {
        if (http == null || now != proxy) {
            proxy = now;
            http = ArgoCdClient.configured(ProxyConfiguration.newHttpClientBuilder());
        }
        return http;
    }
}
