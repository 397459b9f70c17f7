package io.jenkins.plugins.gitops.core;

import static io.jenkins.plugins.gitops.core.HostileRepository.IMAGE;
import static io.jenkins.plugins.gitops.core.HostileRepository.INNOCENT;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.GitAccess;
import io.jenkins.plugins.gitops.core.git.GitOptions;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What the innocent application needs from core, beside every attack at once. */
public class HostileRepositoryTest {
    private static final GitOptions OPTIONS = new GitOptions(Duration.ofMinutes(1), Duration.ofMinutes(1), true);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path bare;

    @Before
    public void create() throws Exception {
        bare = folder.getRoot().toPath().resolve("hostile.git");
        HostileRepository.create(bare);
    }

    @Test
    public void innocentTargetIsReadBesideEveryAttack() throws Exception {
        try (ConfigRepository clone = ConfigRepository.open(
                folder.newFolder("cache").toPath(),
                bare.toUri().toString(),
                HostileRepository.BRANCH,
                "",
                GitAccess.ANONYMOUS,
                Runnable::run,
                OPTIONS)) {
            FileTree files = clone.files(clone.fetch());
            Delivery delivery = Delivery.load(files);
            List<ImageReference> images = TargetImages.read(files, delivery.target(INNOCENT, "production"));
            assertThat(images, is(List.of(ImageReference.parse(IMAGE + ":v1"))));
        }
    }
}
