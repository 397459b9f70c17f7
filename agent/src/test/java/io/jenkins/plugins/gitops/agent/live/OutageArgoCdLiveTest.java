package io.jenkins.plugins.gitops.agent.live;

import static org.hamcrest.Matchers.containsString;

import io.jenkins.plugins.gitops.core.await.Verdict;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Waits with an Argo CD whose parts are killed. */
public class OutageArgoCdLiveTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void killedComponentsOnlyDelay() throws Exception {
        try (ArgoCdPlane own = ArgoCdPlane.start(folder.newFolder().toPath());
                ArgoCdReader seen = ArgoCdReader.start(own.url(), own.token("jenkins"));
                ArgoCdDelivery web = ArgoCdDelivery.deployed(folder.newFolder().toPath(), own.namespace(), seen)) {
            own.kill(ArgoCdPlane.REPO_SERVER);
            LiveWait withoutGit = web.await(web.delivery().setTag("1.1"), "1.1", seen);
            withoutGit.staysWaiting(Duration.ofSeconds(15));
            own.restart(ArgoCdPlane.REPO_SERVER);
            withoutGit.until(Verdict.Live.class);

            own.kill(ArgoCdPlane.CONTROLLER);
            LiveWait withoutComparison = web.await(web.delivery().setTag("1.2"), "1.2", seen);
            withoutComparison.untilWaiting(containsString("application-controller"));
            own.restart(ArgoCdPlane.CONTROLLER);
            withoutComparison.until(Verdict.Live.class);

            own.kill(ArgoCdPlane.SERVER);
            LiveWait withoutAnswers = web.await(web.delivery().setTag("1.3"), "1.3", seen);
            withoutAnswers.staysWaiting(Duration.ofSeconds(5));
            own.restart(ArgoCdPlane.SERVER);
            withoutAnswers.until(Verdict.Live.class);
        }
    }
}
