package io.jenkins.plugins.gitops.ui;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockFolder;

public class BuildLinksTest {
    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    private static FreeStyleProject job;

    @Before
    public void jobForSome() throws Exception {
        if (job == null) {
            MockFolder team = j.createFolder("team one");
            job = team.createProject(FreeStyleProject.class, "ship+it");
        }
        TestUsers.apply(
                j,
                new MockAuthorizationStrategy()
                        .grant(Jenkins.READ)
                        .everywhere()
                        .to("insider", "outsider", "guesser")
                        .grant(Item.READ)
                        .everywhere()
                        .to("insider")
                        .grant(Item.DISCOVER)
                        .everywhere()
                        .to("guesser"));
    }

    @Test
    public void urlAndIdOfABuildBecomeALink() {
        for (String build : List.of(j.jenkins.getRootUrl() + job.getUrl() + "17/", "team one/ship+it#17")) {
            BuildLinks.BuildLink link = as("insider", build);
            assertThat(build, link.text(), is("team one » ship+it #17"));
            assertThat(build, link.url(), is(job.getUrl() + "17/"));
        }
    }

    @Test
    public void withoutAccessToTheJobTheCommitTextIsShown() {
        String build = j.jenkins.getRootUrl() + job.getUrl() + "17/";
        for (String user : List.of("outsider", "guesser")) {
            assertThat(as(user, build).text(), is(build));
            assertThat(as(user, build).url(), is(nullValue()));
        }
    }

    @Test
    public void otherValuesStayText() {
        for (String build : List.of(
                "",
                "by hand",
                "https://ci.example.com/job/x/17/",
                "javascript:alert(1)#1",
                j.jenkins.getRootUrl() + "job/unknown/1/",
                j.jenkins.getRootUrl() + job.getUrl(),
                j.jenkins.getRootUrl() + job.getUrl() + "0/",
                j.jenkins.getRootUrl() + job.getUrl() + "17/stop",
                j.jenkins.getRootUrl() + job.getUrl() + "17/?x=1",
                j.jenkins.getRootUrl() + "job/%/17/",
                j.jenkins.getRootUrl() + "job/../17/",
                "../../x#1")) {
            BuildLinks.BuildLink link = as("insider", build);
            assertThat(build, link.text(), is(build));
            assertThat(build, link.url(), is(nullValue()));
        }
    }

    private static BuildLinks.BuildLink as(String user, String build) {
        try (ACLContext ignored = ACL.as2(User.getById(user, true).impersonate2())) {
            return new BuildLinks().of(build);
        }
    }
}
