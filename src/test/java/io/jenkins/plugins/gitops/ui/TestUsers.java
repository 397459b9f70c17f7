package io.jenkins.plugins.gitops.ui;

import hudson.model.Item;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.util.NameValuePair;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** People for the tests of pages, and requests in their names. */
final class TestUsers {
    static final String ANONYMOUS = "";
    /** Sees Jenkins and its jobs, not the dashboard. */
    static final String READER = "reader";
    /** Sees the dashboard too. */
    static final String VIEWER = "viewer";
    /** May approve too. */
    static final String APPROVER = "approver";

    /** Sees the dashboard, and may take images back. */
    static final String OPERATOR = "operator";

    static final String ADMIN = "admin";

    private TestUsers() {}

    static void apply(JenkinsRule j) {
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to(READER, VIEWER, APPROVER, OPERATOR)
                .grant(GitopsPermissions.VIEW)
                .everywhere()
                .to(VIEWER, APPROVER, OPERATOR)
                .grant(GitopsPermissions.APPROVE)
                .everywhere()
                .to(APPROVER)
                .grant(GitopsPermissions.ROLLBACK)
                .everywhere()
                .to(OPERATOR)
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to(ADMIN));
    }

    static JenkinsRule.WebClient client(JenkinsRule j, String user) throws Exception {
        JenkinsRule.WebClient client = j.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        return user.equals(ANONYMOUS) ? client : client.login(user);
    }

    static WebResponse get(JenkinsRule j, String user, String path) throws Exception {
        return get(client(j, user).withJavaScriptEnabled(false), path);
    }

    /** For several requests of one user, who logs in only once. */
    static WebResponse get(JenkinsRule.WebClient client, String path) throws Exception {
        return client.loadWebResponse(new WebRequest(new URL(client.getContextPath() + path)));
    }

    static WebResponse post(JenkinsRule j, String user, String path, Map<String, String> parameters) throws Exception {
        JenkinsRule.WebClient client = client(j, user).withJavaScriptEnabled(false);
        WebRequest request = client.addCrumb(new WebRequest(new URL(client.getContextPath() + path), HttpMethod.POST));
        List<NameValuePair> all = parameters.entrySet().stream()
                .map(e -> new NameValuePair(e.getKey(), e.getValue()))
                .collect(Collectors.toList());
        all.addAll(request.getRequestParameters());
        request.setRequestParameters(all);
        return client.loadWebResponse(request);
    }
}
