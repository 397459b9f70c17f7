package io.jenkins.plugins.gitops.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import hudson.ProxyConfiguration;
import io.jenkins.plugins.gitops.core.git.remote.HttpProxy;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class JenkinsHttpRoutingTest {
    @ClassRule
    public static final JenkinsRule J = new JenkinsRule();

    private final JenkinsHttpRouting routing = new JenkinsHttpRouting();

    @Test
    public void proxyOfJenkinsAppliesExceptToHostsWithoutProxy() throws Exception {
        assertThat(routing.proxyFor("git.example.com"), is(nullValue()));
        J.jenkins.setProxy(new ProxyConfiguration(
                "proxy.example.com", 3128, "proxy-user", "pr0xy pa55", "*.internal.example.com\nlocalhost"));
        assertThat(
                routing.proxyFor("git.example.com"),
                is(new HttpProxy("proxy.example.com", 3128, "proxy-user", "pr0xy pa55")));
        assertThat(routing.proxyFor("git.internal.example.com"), is(nullValue()));
        J.jenkins.setProxy(new ProxyConfiguration("proxy.example.com", 3128));
        assertThat(
                routing.proxyFor("git.internal.example.com"), is(new HttpProxy("proxy.example.com", 3128, null, null)));
        assertThat(routing.proxyFor("git.example.com").toString(), is("proxy.example.com:3128"));
        J.jenkins.setProxy(null);
        assertThat(routing.proxyFor("git.example.com"), is(nullValue()));
    }
}
