package io.jenkins.plugins.gitops.core.change;

import static io.jenkins.plugins.gitops.core.change.ExampleClone.APP;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.IMAGE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;

/** An application in dev that uses a file of production must not bypass production's policy. */
public class SharedFileTest {
    private static final String FILE = "services/payments-api/overlays/production/image-tag.yaml";
    private static final String SHARED = "sharedFiles: [" + FILE + "]\n";

    private final TemporaryFolder folder = new TemporaryFolder();
    private final ExampleClone clone = new ExampleClone(folder);

    @Rule
    public final RuleChain rules = RuleChain.outerRule(folder).around(clone);

    private void policy(String shared, String dev, String production) throws Exception {
        clone.byHand(
                "gitops.yaml",
                "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n" + shared + "environments:\n- {name: dev"
                        + dev + "}\n- {name: staging, promoteFrom: dev}\n- {name: production" + production + "}\n",
                Trailers.none());
    }

    /** Adds an application whose only value file is the production file of the first one. */
    private void addApplicationSharingTheFile(String environment) throws Exception {
        clone.byHand(
                "argocd/evil-" + environment + ".yaml",
                "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: evil-" + environment
                        + "}\nspec:\n  source: {path: charts/evil, helm: {valueFiles: [../../" + FILE + "]}}\n",
                Trailers.none());
    }

    private static SetImagePlanner set(String environment) {
        return new SetImagePlanner(
                "evil", environment, new ImageRequest(IMAGE, "bad", null), ExampleClone.origin("op-evil"));
    }

    @Test
    public void fileSharedByTwoEnvironmentsIsNotWritten() throws Exception {
        policy("", "", "");
        addApplicationSharingTheFile("dev");
        refuses(set("dev"), "A change of this file for evil/dev would also change payments-api/production");
        assertThat(clone.text(FILE).contains("bad"), is(false));
        clone.byHand(FILE, "images: [{name: " + IMAGE + ", newTag: other}]\n", Trailers.none());
        refuses(
                new RollbackPlanner("evil", "dev", "sha-a1b2c3d", false, ExampleClone.origin("op-evil")),
                "A change of this file for evil/dev would also change payments-api/production");
    }

    @Test
    public void noApprovalIsRequestedForAnUnwritableFile() throws Exception {
        policy("", "", ", promoteFrom: staging");
        addApplicationSharingTheFile("dev");
        clone.set("dev", "sha-1");
        clone.promote("dev", "staging", ExampleClone.origin("op-promote"));
        UserErrorException refused = assertThrows(
                UserErrorException.class,
                () -> PromotionPlan.prepare(
                        clone.repository().files(clone.tip()), clone.tip(), APP, "staging", "production"));
        assertThat(refused.getMessage(), containsString("would also change evil/dev"));
    }

    @Test
    public void declaredSharedFileNeedsTheOthersApproval() throws Exception {
        policy(SHARED, "", ", approval: {users: [bob]}");
        addApplicationSharingTheFile("dev");
        refuses(
                set("dev"),
                "evil/dev has the same file as payments-api/production, whose environment requires approval in gitops.yaml");
    }

    @Test
    public void declaredSharedFileObeysTheOthersHoldAndReason() throws Exception {
        policy(SHARED, "", ", requireReason: true");
        addApplicationSharingTheFile("dev");
        SetImagePlanner silent = new SetImagePlanner(
                "evil",
                "dev",
                new ImageRequest(IMAGE, "bad", null),
                new ChangeMetadata("op-evil", null, "alice", null));
        refuses(silent, "Environment production requires a reason");
        clone.hold("production");
        refuses(set("dev"), "evil/dev has the same file as payments-api/production, which is held by alice");
        clone.release("production");
        clone.submit("op-evil", set("dev"));
        assertThat(clone.text(FILE), containsString("bad"));
    }

    @Test
    public void holdAlsoAppliesToAnApplicationSharingTheFile() throws Exception {
        policy("", "", "");
        addApplicationSharingTheFile("production");
        clone.hold("production");
        refuses(set("production"), "which is held by alice");
        clone.release("production");
        clone.submit("op-evil", set("production"));
        assertThat(clone.text(FILE), containsString("bad"));
    }

    @Test
    public void imageAlreadySetIsNotAChange() throws Exception {
        policy("", "", "");
        addApplicationSharingTheFile("production");
        clone.submit("op-evil", set("production"));
        addApplicationSharingTheFile("dev");
        SetImagePlanner again = new SetImagePlanner(
                "evil", "dev", new ImageRequest(IMAGE, "bad", null), ExampleClone.origin("op-again"));
        assertThat(clone.submit("op-again", again).changed(), is(false));
    }

    private void refuses(ChangePlanner planner, String message) {
        assertThat(
                assertThrows(UserErrorException.class, () -> clone.submit("op-evil", planner))
                        .getMessage(),
                containsString(message));
    }
}
