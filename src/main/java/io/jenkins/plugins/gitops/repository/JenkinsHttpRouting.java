package io.jenkins.plugins.gitops.repository;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ProxyConfiguration;
import hudson.Util;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.core.git.remote.HttpProxy;
import io.jenkins.plugins.gitops.core.git.remote.HttpRouting;
import java.net.Proxy;
import jenkins.model.Jenkins;

/**
 * Uses the proxy of Jenkins (Manage Jenkins, System, HTTP Proxy Configuration) with its list of hosts without proxy.
 * Certificates are validated as in the rest of Jenkins, with the trust store of its JVM.
 */
final class JenkinsHttpRouting implements HttpRouting {
    @CheckForNull
    @Override
    public HttpProxy proxyFor(String host) {
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        ProxyConfiguration configured = jenkins == null ? null : jenkins.getProxy();
        if (configured == null || configured.createProxy(host).type() != Proxy.Type.HTTP) {
            return null;
        }
        String user = Util.fixEmpty(configured.getUserName());
        Secret password = configured.getSecretPassword();
        return new HttpProxy(
                configured.getName(), configured.getPort(), user, user == null ? null : Secret.toString(password));
    }
}
