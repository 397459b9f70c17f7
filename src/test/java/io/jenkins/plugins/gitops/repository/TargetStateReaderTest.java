package io.jenkins.plugins.gitops.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.repository.TargetStates.TargetState;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import java.time.Instant;
import java.util.List;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** Which targets are read again when the branch moves. */
public class TargetStateReaderTest {
    private static final String DEV = "payments-api/dev";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    private RepositoryConfiguration configuration;

    @Before
    public void repository() throws Exception {
        configuration = GitopsConfiguration.get().getRepositories().get(0);
    }

    @Test
    public void onlyTargetsWithAChangedFileAreReadAgain() throws Exception {
        ConfigRepository clone = ConfigRepositories.get().open(configuration);
        clone.fetch();
        TargetStateReader first =
                new TargetStateReader("config", clone, clone.tip().orElseThrow(), null);
        TargetStates.RepositoryState before = first.read(null);
        assertThat(first.reads(), is(9));
        String file = ServedConfigRepository.imageFile(DEV);
        J.repository().replace(file, "sha-a1b2c3d", "v2", "Carol sets v2");
        J.repository().write(".gitops/holds/staging/frontend.yaml", "by: carol\n", "Carol holds");
        TargetStateReader second = new TargetStateReader("config", clone, clone.fetch(), before);
        TargetStates.RepositoryState after = second.read(null);
        assertThat(second.reads(), is(2));
        for (int i = 0; i < 9; i++) {
            TargetState target = after.targets().get(i);
            boolean changed =
                    List.of(DEV, "frontend/staging").contains(target.target().id());
            assertThat(target == before.targets().get(i), is(!changed));
        }
        // A branch that was reset is compared as well, but not if the clone does not have the new tip.
        TargetStateReader back = new TargetStateReader("config", clone, before.revision(), after);
        assertThat(back.read(null).targets(), is(before.targets()));
        assertThat(back.reads(), is(2));
        TargetStates.RepositoryState strange = new TargetStates.RepositoryState(
                "config", "1".repeat(40), List.of(), after.targets(), null, Instant.now());
        TargetStateReader all =
                new TargetStateReader("config", clone, clone.tip().orElseThrow(), strange);
        all.read(null);
        assertThat(all.reads(), is(9));
    }

    @Test
    public void targetWithTheImageOfItsBaseIsReadAgainWhenThatChanges() throws Exception {
        ConfigRepository clone = ConfigRepositories.get().open(configuration);
        String web = "apps/web/base/web.yaml";
        J.repository().write("apps/web/overlays/dev/kustomization.yaml", "resources: [../../base]\n", "Carol");
        J.repository().write("apps/web/base/kustomization.yaml", "resources: [web.yaml]\n", "Carol");
        String pod = "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: web, image: \"acme/web:v1\"}]}\n";
        J.repository().write(web, pod, "Carol adds it");
        TargetStates.RepositoryState before = new TargetStateReader("config", clone, clone.fetch(), null).read(null);
        assertThat(images(before, "web/dev"), is("[acme/web:v1]"));
        J.repository().replace(web, "web:v1", "web:v2", "Carol changes the base");
        TargetStates.RepositoryState after = new TargetStateReader("config", clone, clone.fetch(), before).read(null);
        assertThat(images(after, "web/dev"), is("[acme/web:v2]"));
    }

    private static String images(TargetStates.RepositoryState state, String target) {
        return state.targets().stream()
                .filter(one -> one.target().id().equals(target))
                .findFirst()
                .orElseThrow()
                .images()
                .toString();
    }

    /** Also if discovery did not run, since only files of known targets changed. */
    @Test
    public void addedAndRemovedTargetsAreSeen() throws Exception {
        ConfigRepository clone = ConfigRepositories.get().open(configuration);
        clone.fetch();
        TargetStates.RepositoryState all =
                new TargetStateReader("config", clone, clone.tip().orElseThrow(), null).read(null);
        String file = ServedConfigRepository.imageFile(DEV);
        for (String image : List.of("v2", "v3")) {
            J.repository().write(file, J.repository().read(file).replaceAll("newTag: .*", "newTag: " + image), "Carol");
            TargetStates.RepositoryState next = new TargetStateReader("config", clone, clone.fetch(), all).read(null);
            assertThat(next.targets(), hasSize(9));
            assertThat(next.environments(), is(all.environments()));
        }
        String added = "services/new-api/overlays/dev/image-tag.yaml";
        J.repository().write(added, J.repository().read(file), "Carol adds an application");
        TargetStates.RepositoryState more = new TargetStateReader("config", clone, clone.fetch(), all).read(null);
        TargetStates.RepositoryState whole =
                new TargetStateReader("config", clone, clone.tip().orElseThrow(), null).read(null);
        assertThat(more.targets(), is(whole.targets()));
        assertThat(more.targets(), hasSize(10));
        assertThat(more.environments(), is(whole.environments()));
    }
}
