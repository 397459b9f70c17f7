package io.jenkins.plugins.gitops.core.await;

import static io.jenkins.plugins.gitops.core.change.ExampleClone.APP;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.DEV_FILE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.change.ExampleClone;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import java.util.List;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;

/** The Git facts of a wait other than ancestry. */
public class CloneGitFactsTest {
    private final TemporaryFolder folder = new TemporaryFolder();
    private final ExampleClone example = new ExampleClone(folder);

    @Rule
    public final RuleChain rules = RuleChain.outerRule(folder).around(example);

    @Test
    public void buildSettingTheOlderImageAgainReplacesWithoutReverting() throws Exception {
        example.set("dev", "sha-1");
        ChangeResult mine = example.set("dev", "sha-2");
        ChangeResult older = example.set("dev", "sha-1");
        assertThat(facts(mine).supersedingChange().revision(), is(older.revision()));
        assertThat(facts(mine).supersedingChange().isRevert(), is(false));
    }

    @Test
    public void rollbackIsARevertWhateverItsDestination() throws Exception {
        example.set("dev", "sha-1");
        example.set("dev", "sha-2");
        ChangeResult mine = example.set("dev", "sha-3");
        ChangeResult back = example.rollback("dev", "sha-1", false, example.operation());
        assertThat(facts(mine).supersedingChange().revision(), is(back.revision()));
        assertThat(facts(mine).supersedingChange().isRevert(), is(true));
    }

    @Test
    public void restoringThePreviousImageByHandIsARevert() throws Exception {
        String before = example.text(DEV_FILE);
        ChangeResult mine = example.set("dev", "sha-1");
        example.byHand(DEV_FILE, before, Trailers.none());
        assertThat(facts(mine).supersedingChange().isRevert(), is(true));
    }

    @Test
    public void settingAnotherImageByHandIsAReplacement() throws Exception {
        ChangeResult mine = example.set("dev", "sha-1");
        example.byHand(DEV_FILE, example.text(DEV_FILE).replace("sha-1", "sha-9"), Trailers.none());
        assertThat(facts(mine).supersedingChange().isRevert(), is(false));
    }

    @Test
    public void changesOfOtherTargetsAreNotANewerState() throws Exception {
        ChangeResult mine = example.set("dev", "sha-1");
        assertThat(facts(mine).isNewest(mine.revision()), is(true));
        example.set("staging", "sha-1");
        assertThat(facts(mine).isNewest(mine.revision()), is(true));
    }

    @Test
    public void changesOfTheTargetItselfAreANewerState() throws Exception {
        ChangeResult mine = example.set("dev", "sha-1");
        example.byHand(DEV_FILE, "# a comment\n" + example.text(DEV_FILE), Trailers.none());
        assertThat(facts(mine).isNewest(mine.revision()), is(false));
        assertThat(facts(mine).isNewest(example.tip()), is(true));
    }

    @Test
    public void changesOfWhatAnyTargetMayRenderAreANewerState() throws Exception {
        ChangeResult mine = example.set("dev", "sha-1");
        example.byHand("components/probes.yaml", "a: b\n", Trailers.none());
        assertThat(facts(mine).isNewest(mine.revision()), is(false));
    }

    @Test
    public void commitsOfTheBranchAndUnknownOnesAreNotElsewhere() throws Exception {
        String before = example.tip();
        ChangeResult mine = example.set("dev", "sha-1");
        assertThat(facts(mine).isOffBranch(before), is(false));
        assertThat(facts(mine).isOffBranch(mine.revision()), is(false));
        assertThat(facts(mine).isOffBranch("9".repeat(40)), is(false));
        assertThat(facts(mine).branch(), is("main"));
    }

    @Test
    public void imageIsUnchangedOnlyWithoutAnotherInBetween() throws Exception {
        ChangeResult first = example.set("dev", "sha-1");
        String comment = example.byHand(DEV_FILE, "# a comment\n" + example.text(DEV_FILE), Trailers.none())
                .revision();
        example.set("staging", "sha-1");
        assertThat(facts(first).isUnchanged(first.revision(), comment), is(true));
        assertThat(facts(first).isUnchanged(first.revision(), example.tip()), is(true));
        ChangeResult other = example.set("dev", "sha-2");
        assertThat(facts(first).isUnchanged(first.revision(), other.revision()), is(false));
        ChangeResult again = example.set("dev", "sha-1");
        assertThat(facts(again).isUnchanged(first.revision(), again.revision()), is(false));
        assertThat(facts(again).isUnchanged(again.revision(), example.tip()), is(true));
        assertThat(facts(again).isUnchanged("9".repeat(40), again.revision()), is(false));
    }

    @Test
    public void imagesAreThoseOfTheChangeOrAllOfTheTarget() throws Exception {
        ChangeResult mine = example.set("dev", "sha-1");
        List<ImageReference> images = List.of(new ImageReference(ExampleClone.IMAGE, "sha-1", null));
        assertThat(facts(mine).images(), is(images));
        List<ImageReference> other = List.of(new ImageReference("other", "1", null));
        Expectation named = new Expectation(example.target("dev"), mine.revision(), other, true);
        assertThat(new CloneGitFacts(example.repository(), named).images(), is(other));
    }

    @Test
    public void imageOfAnApplicationManifestIsDistinguished() throws Exception {
        ChangeResult mine = example.byHand("argocd/child.yaml", """
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata: {name: child}
                spec:
                  source:
                    path: child
                    kustomize: {images: ["ghcr.io/myorg/child:1"]}
                """, Trailers.none());
        Target child = new Target(APP, "dev", "argocd", "argocd/child.yaml");
        assertThat(facts(child, mine).isSetInApplication(), is(true));
        assertThat(facts(mine).isSetInApplication(), is(false));
    }

    @Test
    public void repeatedQueriesAreAnsweredFromTheCache() throws Exception {
        ChangeResult mine = example.set("dev", "sha-1");
        ChangeResult next = example.set("dev", "sha-2");
        CommitCache memory = new CommitCache(1);
        Target target = example.target("dev");
        Expectation expectation = new Expectation(target, mine.revision(), List.of(), true);
        CloneGitFacts state = new CloneGitFacts(example.repository(), expectation, memory);
        for (int i = 0; i < 3; i++) {
            assertThat(state.hasExpectedImages(mine.revision()), is(true));
            assertThat(state.hasExpectedImages(next.revision()), is(false));
            assertThat(state.isAtOrAfterChange(next.revision()), is(true));
            assertThat(state.isAtOrAfterChange("9".repeat(40)), is(false));
        }
        // The cache answers without loading, and evicts the least recently used entry.
        memory.images("a", target, () -> Optional.of(Optional.of(List.of())));
        assertThat(
                memory.images("a", target, () -> {
                            throw new AssertionError("asked again");
                        })
                        .orElseThrow()
                        .isPresent(),
                is(true));
        memory.images("b", target, () -> Optional.of(Optional.of(List.of())));
        assertThat(memory.images("a", target, Optional::empty).isPresent(), is(false));
    }

    private CloneGitFacts facts(ChangeResult change) throws Exception {
        return facts(example.target("dev"), change);
    }

    private CloneGitFacts facts(Target target, ChangeResult change) throws Exception {
        return new CloneGitFacts(example.repository(), new Expectation(target, change.revision(), List.of(), true));
    }
}
