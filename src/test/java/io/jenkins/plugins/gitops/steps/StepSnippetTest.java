package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import hudson.model.Descriptor;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableParameter;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** The output of the snippet generator for each step, and the help in its form. */
public class StepSnippetTest {
    private static final List<Class<? extends Step>> STEPS = List.of(
            GitopsSetImageStep.class,
            GitopsPromoteStep.class,
            GitopsRollbackStep.class,
            GitopsAwaitSyncStep.class,
            GitopsSyncStep.class);

    @ClassRule
    public static final JenkinsRule J = new JenkinsRule();

    @Test
    public void snippetsNameEveryParameterThatIsSet() throws Exception {
        GitopsSetImageStep setImage = new GitopsSetImageStep("dev");
        setImage.setApp("shop");
        setImage.setTag("v2");
        setImage.setReason("try");
        setImage.setRepository("config");
        assertSnippet(
                "gitopsSetImage app: 'shop', env: 'dev', reason: 'try', repository: 'config', tag: 'v2'", setImage);
        GitopsPromoteStep promote = new GitopsPromoteStep("dev", "staging");
        promote.setApp("shop");
        promote.setRepository("config");
        assertSnippet("gitopsPromote app: 'shop', from: 'dev', repository: 'config', to: 'staging'", promote);
        promote.setImages(List.of("ghcr.io/myorg/api", "ghcr.io/myorg/worker"));
        assertSnippet(
                "gitopsPromote app: 'shop', from: 'dev', images: ['ghcr.io/myorg/api', 'ghcr.io/myorg/worker'],"
                        + " repository: 'config', to: 'staging'",
                promote);
        GitopsRollbackStep rollback = new GitopsRollbackStep("dev", "broken");
        rollback.setApp("shop");
        rollback.setHold(false);
        rollback.setImage("ghcr.io/myorg/api");
        rollback.setRepository("config");
        assertSnippet(
                "gitopsRollback app: 'shop', env: 'dev', hold: false, image: 'ghcr.io/myorg/api', reason: 'broken',"
                        + " repository: 'config'",
                rollback);
        GitopsAwaitSyncStep await = new GitopsAwaitSyncStep();
        await.setApp("shop");
        await.setEnv("dev");
        await.setRepository("config");
        await.setTimeout("5m");
        assertSnippet("gitopsAwaitSync app: 'shop', env: 'dev', repository: 'config', timeout: '5m'", await);
        GitopsSyncStep sync = new GitopsSyncStep("dev");
        sync.setApp("shop");
        sync.setRepository("config");
        assertSnippet("gitopsSync app: 'shop', env: 'dev', repository: 'config'", sync);
    }

    @Test
    public void parametersThatAreNotSetAreLeftOut() throws Exception {
        assertSnippet("gitopsSetImage 'dev'", new GitopsSetImageStep("dev"));
        assertSnippet("gitopsAwaitSync()", new GitopsAwaitSyncStep());
        assertSnippet("gitopsSync 'dev'", new GitopsSyncStep("dev"));
    }

    /** The form gets the help from the descriptor, and the Pipeline reference from the class. */
    @Test
    public void helpOfEveryParameterIsFound() throws Exception {
        JenkinsRule.WebClient web = J.createWebClient();
        for (Class<? extends Step> step : STEPS) {
            Descriptor<?> descriptor = Jenkins.get().getDescriptor(step);
            for (DescribableParameter parameter : DescribableModel.of(step).getParameters()) {
                String name = step.getSimpleName() + "." + parameter.getName();
                assertThat(name, parameter.getHelp(), containsString("<div>"));
                String page = "descriptor/" + descriptor.getId() + "/help/" + parameter.getName();
                assertThat(
                        name,
                        web.goTo(page, "text/html").getWebResponse().getContentAsString(),
                        containsString("<div>"));
            }
        }
    }

    /** Each step has exactly these parameters, so that existing Pipelines keep working. */
    @Test
    public void parametersOfEveryStep() {
        Map<Class<? extends Step>, String> expected = Map.of(
                GitopsSetImageStep.class, "env app create digest force image images reason repository tag",
                GitopsPromoteStep.class, "from to app image images reason repository",
                GitopsRollbackStep.class, "env reason app hold image images repository to",
                GitopsAwaitSyncStep.class, "app env healthy onFailure repository revision stableFor timeout",
                GitopsSyncStep.class, "env app prune repository");
        expected.forEach((step, names) -> assertThat(
                String.join(
                        " ",
                        DescribableModel.of(step).getParameters().stream()
                                .map(DescribableParameter::getName)
                                .toList()),
                is(names)));
    }

    private static void assertSnippet(String expected, Step step) {
        assertThat(Snippetizer.object2Groovy(step), is(expected));
    }
}
