package io.jenkins.plugins.gitops.testkit;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.util.NameValuePair;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * Browsers of the users in {@link TestUsers}. Errors are responses and not exceptions, except with scripts. They log in
 * without scripts, which take most of the time of a page, and run scripts after that only if a test needs them.
 */
public final class WebClients {
    private WebClients() {}

    /** Returns a browser that runs no scripts. */
    public static JenkinsRule.WebClient login(JenkinsRule j, String user) throws Exception {
        JenkinsRule.WebClient client =
                j.createWebClient().withThrowExceptionOnFailingStatusCode(false).withJavaScriptEnabled(false);
        return user.equals(TestUsers.ANONYMOUS) ? client : client.login(user);
    }

    /**
     * Returns a browser that runs scripts, as Jenkins' forms need them. An error is an exception, since the response to
     * a form is seldom read.
     */
    public static JenkinsRule.WebClient loginWithScripts(JenkinsRule j, String user) throws Exception {
        return login(j, user).withJavaScriptEnabled(true).withThrowExceptionOnFailingStatusCode(true);
    }

    public static WebResponse get(JenkinsRule j, String user, String path) throws Exception {
        return get(login(j, user), path);
    }

    /** Gets a page with an existing login, for several requests of one user. */
    public static WebResponse get(JenkinsRule.WebClient client, String path) throws IOException {
        return client.loadWebResponse(new WebRequest(new URL(client.getContextPath() + path)));
    }

    /** Sends a form with a crumb. */
    public static WebResponse post(JenkinsRule j, String user, String path, Map<String, String> parameters)
            throws Exception {
        return post(login(j, user), path, parameters);
    }

    public static WebResponse post(JenkinsRule.WebClient client, String path, Map<String, String> parameters)
            throws IOException {
        WebRequest request = client.addCrumb(new WebRequest(new URL(client.getContextPath() + path), HttpMethod.POST));
        List<NameValuePair> all = new ArrayList<>(request.getRequestParameters());
        parameters.forEach((name, value) -> all.add(new NameValuePair(name, value)));
        request.setRequestParameters(all);
        return client.loadWebResponse(request);
    }
}
