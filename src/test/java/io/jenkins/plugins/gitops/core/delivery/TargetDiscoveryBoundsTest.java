package io.jenkins.plugins.gitops.core.delivery;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.HostileRepository;
import io.jenkins.plugins.gitops.core.HostileRepository.Attack;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Target discovery takes time proportional to the number of folders, and finds no more targets than can be shown. */
public class TargetDiscoveryBoundsTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** Scanning the bytes of the large folder again for each of its entries would take an hour. */
    @Test(timeout = 120_000)
    public void aHundredThousandFoldersAreWalkedThrough() throws Exception {
        Path bare = folder.getRoot().toPath().resolve("hostile.git");
        HostileRepository.create(bare, EnumSet.of(Attack.MANY_FOLDERS));
        try (ConfigRepository clone = ConfigRepository.open(
                folder.newFolder().toPath(),
                bare.toUri().toString(),
                HostileRepository.BRANCH,
                "",
                GitCredentials.ANONYMOUS,
                Runnable::run,
                GitOptions.DEFAULT.withFiles())) {
            Delivery delivery = Delivery.load(clone.files(clone.fetch()));
            assertThat(delivery.targets().size(), greaterThan(Delivery.MAX_TARGETS));
            assertThat(delivery.targets().size(), lessThan(Delivery.MAX_TARGETS + 10));
            assertThat(delivery.isIncomplete(), is(true));
            // A target that the list omits can still be found by name.
            assertThat(delivery.target("app-099999", "dev").path(), is("apps/app-099999/overlays/dev"));
            assertThat(
                    delivery.targets().stream()
                            .filter(target -> target.application().equals(HostileRepository.INNOCENT))
                            .toList(),
                    hasSize(3));
        }
    }

    /** A tree of few objects, in which each folder contains the next one under many names. */
    private static final class Endless implements FileTree {
        private int listed;

        @Override
        public Optional<byte[]> read(String path) {
            return Optional.empty();
        }

        @Override
        public List<Entry> list(String path) {
            listed++;
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                entries.add(new Entry("f" + i, true));
            }
            return entries;
        }
    }

    @Test(timeout = 60_000)
    public void hugeTreeIsNotWalkedToTheEnd() throws Exception {
        Endless tree = new Endless();
        TargetDiscovery discovery = new TargetDiscovery(tree, EnvironmentNames.ANY, new PolicyExample(false), 5_000);
        LayoutPattern pattern = BuiltInLayouts.folder("{app}/b/{env}/c", LayoutPattern.Source.BUILT_IN);
        List<Target> found = new ArrayList<>();
        discovery.visit(pattern, null, target -> !found.add(target));
        assertThat(discovery.isCut(), is(true));
        assertThat(tree.listed, lessThan(6_000));
    }

    @Test
    public void fileOwnershipIsUnknownWhenApplicationsAreTruncated() throws Exception {
        InMemoryFileTree tree = new InMemoryFileTree();
        for (int i = 0; i < 20; i++) {
            tree.with("argocd/a" + i + ".yaml", "kind: Other\n");
        }
        ArgoCdApplicationDiscovery few = new ArgoCdApplicationDiscovery(tree, null, 20);
        assertThat(few.dependsOn("x.yaml"), hasSize(0));
        assertThat(few.isCut(), is(false));
        ArgoCdApplicationDiscovery many = new ArgoCdApplicationDiscovery(tree, null, 19);
        assertThat(many.isCut(), is(true));
        assertThat(
                assertThrows(UserErrorException.class, () -> many.dependsOn("x.yaml"))
                        .getMessage(),
                containsString("more than 19 manifests"));
    }

    @Test
    public void policyPathsAndListsAreLimited() {
        StringBuilder environments = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            environments
                    .append("- {name: e")
                    .append(i)
                    .append(", promoteFrom: e")
                    .append(i + 1)
                    .append("}\n");
        }
        refuses("environments:\n" + environments + "- {name: e20000}\n", "no more than 200 are read");
        refuses("applications:\n- {path: '" + "a/".repeat(100_000) + "{app}/{env}'}\n", "more than 30 folders");
        refuses("sharedFiles: [" + "a, ".repeat(100_000) + "b]\n", "is listed twice");
    }

    private static void refuses(String rest, String message) {
        InMemoryFileTree tree = new InMemoryFileTree()
                .with("gitops.yaml", "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n" + rest);
        UserErrorException refused = assertThrows(UserErrorException.class, () -> Delivery.load(tree));
        assertThat(refused.getMessage(), containsString(message));
    }
}
