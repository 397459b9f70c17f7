package io.jenkins.plugins.gitops.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import hudson.Util;
import hudson.model.Item;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.Permission;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.misc.Env;
import io.jenkins.plugins.casc.misc.EnvVarsRule;
import io.jenkins.plugins.casc.misc.Envs;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

/** The files under docs/examples that set up a Jenkins are loaded unchanged. */
public class ExampleJenkinsTest {
    private static final Path EXAMPLES = Path.of(System.getProperty("gitops.root", "."), "docs", "examples");

    private final JenkinsRule j = new JenkinsRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(new EnvVarsRule()).around(j);

    @Test
    @Envs({
        @Env(name = "GITOPS_REPOSITORY_URL", value = "http://127.0.0.1:9418/example.git"),
        @Env(name = "GITOPS_REPOSITORY_PASSWORD", value = "open sesame"),
        @Env(name = "GITOPS_DEV_SECRET", value = "0123456789abcdef-dev"),
        @Env(name = "GITOPS_STAGING_SECRET", value = "0123456789abcdef-staging"),
        @Env(name = "GITOPS_PRODUCTION_SECRET", value = "0123456789abcdef-production")
    })
    public void exampleFileSetsUpPeopleRepositoryAndAgents() throws Exception {
        ConfigurationAsCode.get()
                .configure(EXAMPLES.resolve("jenkins.yaml").toUri().toString());
        assertThat(may("alice", Item.BUILD), is(true));
        assertThat(may("alice", GitopsPermissions.VIEW), is(true));
        assertThat(may("alice", GitopsPermissions.APPROVE), is(false));
        assertThat(may("bob", GitopsPermissions.APPROVE), is(true));
        assertThat(may("bob", Item.BUILD), is(false));
        assertThat(may("admin", Jenkins.ADMINISTER), is(true));
        assertThat(j.createWebClient().login("bob", "bob"), is(notNullValue()));
        j.createWebClient().assertFails("gitops/", 403);

        GitopsConfiguration configuration = GitopsConfiguration.get();
        RepositoryConfiguration repository = configuration.repository(null);
        assertThat(repository.getUrl(), is("http://127.0.0.1:9418/example.git"));
        assertThat(
                configuration.getAgents().stream()
                        .map(AgentConfiguration::getName)
                        .toList(),
                contains("dev", "staging", "production"));
        assertThat(
                configuration.agent("staging").orElseThrow().getSecret().getPlainText(),
                is("0123456789abcdef-staging"));
        StandardUsernamePasswordCredentials credentials = CredentialsProvider.findCredentialByIdInItemGroup(
                repository.getCredentialsId(),
                StandardUsernamePasswordCredentials.class,
                j.jenkins,
                ACL.SYSTEM2,
                List.of());
        assertThat(credentials.getPassword().getPlainText(), is("open sesame"));
    }

    @Test
    public void exampleJobUsesTheExampleScripts() throws Exception {
        String template = Files.readString(EXAMPLES.resolve("job.xml"));
        for (String file : List.of("payments-api.declarative.Jenkinsfile", "payments-api.scripted.Jenkinsfile")) {
            String script = Files.readString(EXAMPLES.resolve(file));
            String xml = template.replace("@SCRIPT@", Util.xmlEscape(script));
            WorkflowJob job = (WorkflowJob) j.jenkins.createProjectFromXML(
                    file.replace(".", "-"), new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
            CpsFlowDefinition definition = (CpsFlowDefinition) job.getDefinition();
            assertThat(definition.getScript(), containsString(script.trim()));
            assertThat(definition.isSandbox(), is(true));
            assertThat(
                    job.getProperty(ParametersDefinitionProperty.class).getParameterDefinitionNames(), contains("TAG"));
        }
    }

    private boolean may(String user, Permission permission) {
        return j.jenkins.getACL().hasPermission2(User.getById(user, false).impersonate2(), permission);
    }
}
