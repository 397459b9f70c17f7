package io.jenkins.plugins.gitops.status.argocd;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** Waits with a server that replays the recorded states of a real one in their original order. */
public class ArgoCdPlaybackTest {
    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    private ArgoCdPlayback play;

    @Before
    public void start() throws Exception {
        play = new ArgoCdPlayback(J);
    }

    @After
    public void stop() {
        play.close();
    }

    @Test
    public void createdSyncedProgressingHealthy() throws Exception {
        play.argo.rewrite(ArgoCdPlayback.FIRST, play.tip());
        play.argo.set(ArgoCdPlayback.APP, "01-created-not-reconciled");
        play.await(play.tip());
        assertThat(play.step(), containsString("could not be compared yet"));
        play.argo.set(ArgoCdPlayback.APP, "02-created-outofsync-missing");
        assertThat(play.step(), containsString("is OutOfSync"));
        for (int event = 1; event < 4; event++) {
            play.argo.set(ArgoCdPlayback.APP, "05-stream-sync", event);
            play.step();
        }
        assertThat(play.argo.count("refresh=normal"), is(1L));
        // Synced and Healthy, but compared in the second in which the sync finished: the running image decides.
        play.argo.set(ArgoCdPlayback.APP, "05-stream-sync", 7);
        Verdict.Live live = (Verdict.Live) play.end();
        assertThat(live.syncedRevision(), is(play.tip()));
        assertThat(play.argo.count("refresh=normal"), is(1L));
        assertThat(play.argo.count("refresh=hard"), is(0L));
    }

    @Test
    public void identicalRenderIsLiveWithoutAnyOperation() throws Exception {
        play.argo.rewrite(ArgoCdPlayback.FIRST, play.tip());
        play.argo.set(ArgoCdPlayback.APP, "05-synced-healthy-refresh-normal");
        String readme = J.repository().write("README.md", "more\n", "Carol explains");
        play.fetch();
        play.argo.rewrite(ArgoCdPlayback.README, readme);
        play.await(readme);
        assertThat(play.step(), containsString("before " + readme.substring(0, 8)));
        play.nothingEndsBefore("the comparison");
        play.argo.set(ArgoCdPlayback.APP, "11-identical-render-automated");
        assertThat(((Verdict.Live) play.end()).syncedRevision(), is(readme));
    }

    @Test
    public void selfHealIsNeitherTheEndNorAFailure() throws Exception {
        play.argo.rewrite(ArgoCdPlayback.FIRST, play.tip());
        String readme = J.repository().write("README.md", "more\n", "Carol explains");
        play.argo.rewrite(ArgoCdPlayback.README, readme);
        String mine = J.repository().write("notes.txt", "mine\n", "Carol notes");
        play.argo.rewrite(ArgoCdPlayback.IMAGE, mine);
        play.fetch();
        play.argo.set(ArgoCdPlayback.APP, "13-selfheal-stream", 0);
        play.await(mine);
        for (int event = 1; event < 6; event++) {
            play.argo.set(ArgoCdPlayback.APP, "13-selfheal-stream", event);
            play.step();
        }
        play.nothingEndsBefore("the comparison");
        play.argo.onRefresh(ArgoCdPlayback::comparedLater);
        play.argo.set(ArgoCdPlayback.APP, "13-selfheal-stream", 6);
        if (play.refreshes() > 1) {
            // Jenkins' own timer requested a refresh at the previous event, so the server has compared later than
            // recorded.
            play.argo.edit(ArgoCdPlayback.APP, ArgoCdPlayback::comparedLater);
        }
        assertThat(((Verdict.Live) play.end()).syncedRevision(), is(mine));
    }

    @Test
    public void retriesAreAwaitedAndTheLastFailureFails() throws Exception {
        play.argo.rewrite(ArgoCdPlayback.FIRST, play.tip());
        play.argo.set(ArgoCdPlayback.APP, "08-sync-failed-retrying");
        play.await(play.tip());
        assertThat(play.step(), containsString("Invalid value: 99999"));
        play.nothingEndsBefore("the last retry");
        play.argo.set(ArgoCdPlayback.APP, "08-sync-failed");
        Verdict.Failed failed = (Verdict.Failed) play.end();
        assertThat(failed.resources().get(0).label(), is("Service invoices"));
        assertThat(failed.resources().get(0).message(), containsString("must be between 1 and 65535"));
    }

    @Test
    public void degradedNamesTheResourceAndItsReason() throws Exception {
        play.argo.rewrite(ArgoCdPlayback.FIRST, play.tip());
        play.argo.onRefresh(ArgoCdPlayback::comparedLater);
        play.argo.extra(ArgoCdPlayback.APP, "/resource-tree", "06-synced-progressing-resource-tree");
        play.argo.set(ArgoCdPlayback.APP, "06-synced-progressing");
        play.await(play.tip());
        play.step();
        assertThat(play.step(), containsString("Deployment payments: Waiting for rollout to finish"));
        play.nothingEndsBefore("it is given up");
        play.argo.extra(ArgoCdPlayback.APP, "/resource-tree", "07-synced-degraded-resource-tree");
        play.argo.set(ArgoCdPlayback.APP, "07-synced-degraded");
        play.argo.edit(ArgoCdPlayback.APP, ArgoCdPlayback::comparedLater);
        Verdict.Failed failed = (Verdict.Failed) play.end();
        assertThat(failed.resources().get(0).message(), containsString("exceeded its progress deadline"));
    }

    @Test
    public void onlyTheTargetsOwnSourceCountsAmongSeveral() throws Exception {
        play.argo.rewrite("http://127.0.0.1:19080/platform.git", "https://git.example.com/other.git");
        play.argo.rewrite(ArgoCdPlayback.IMAGE, play.tip());
        play.argo.rewrite("services/search/overlays/dev", ArgoCdPlayback.PATH);
        play.argo.onRefresh(ArgoCdPlayback::comparedLater);
        play.argo.set(ArgoCdPlayback.APP, "14-multi-source-one-source-moved");
        play.await(play.tip());
        assertThat(((Verdict.Live) play.end()).syncedRevision(), is(play.tip()));
    }

    @Test
    public void syncWindowIsNamed() throws Exception {
        play.argo.rewrite(ArgoCdPlayback.FIRST, "0".repeat(39) + "1");
        play.argo.rewrite(ArgoCdPlayback.WINDOW, play.tip());
        play.argo.extra(ArgoCdPlayback.APP, "/syncwindows", "17-sync-window-syncwindows");
        play.argo.set(ArgoCdPlayback.APP, "17-sync-window-new-commit-blocked");
        play.await(play.tip());
        play.step();
        play.step();
        assertThat(play.step(), containsString("blocked by a sync window (deny * * * * * for 24h)"));
        play.nothingEndsBefore("the window");
    }

    @Test
    public void olderResponsesAndDuplicatesChangeNothing() throws Exception {
        play.argo.rewrite(ArgoCdPlayback.FIRST, play.tip());
        String mine = J.repository().write("notes.txt", "mine\n", "Carol notes");
        play.fetch();
        play.argo.set(ArgoCdPlayback.APP, "05-stream-sync", 10);
        play.await(mine);
        play.step();
        String newest = play.said();
        // A replica that lags behind responds with an older state.
        play.argo.set(ArgoCdPlayback.APP, "05-stream-sync", 5);
        play.poll(18);
        assertThat(play.said(), is(newest));
        play.argo.set(ArgoCdPlayback.APP, "05-stream-sync", 10);
        play.poll(18);
        assertThat(play.said(), is(newest));
        play.nothingEndsBefore("the end of the test");
    }

    @Test
    public void applicationThatAppearsLaterIsRefreshedToo() throws Exception {
        play.argo.rewrite(ArgoCdPlayback.FIRST, play.tip());
        play.await(play.tip());
        assertThat(play.step(), containsString("no agent has reported " + ArgoCdPlayback.PATH));
        assertThat(play.argo.count("refresh=normal"), is(0L));
        play.argo.set(ArgoCdPlayback.APP, "01-created-not-reconciled");
        play.step();
        assertThat(play.argo.count("refresh=normal"), is(1L));
        play.argo.set(ArgoCdPlayback.APP, "05-synced-healthy-refresh-normal");
        assertThat(play.end(), instanceOf(Verdict.Live.class));
        assertThat(play.argo.count("refresh=normal"), is(1L));
    }

    @Test
    public void deletedApplicationIsNeverLive() throws Exception {
        play.argo.rewrite(ArgoCdPlayback.FIRST, play.tip());
        String mine = J.repository().write("notes.txt", "mine\n", "Carol notes");
        play.fetch();
        play.argo.set(ArgoCdPlayback.APP, "05-synced-healthy-refresh-normal");
        play.await(mine);
        play.step();
        play.argo.remove(ArgoCdPlayback.APP);
        assertThat(play.step(), containsString(ArgoCdPlayback.APP + " is no longer listed: it was deleted, or"));
        play.nothingEndsBefore("the deletion");
    }

    @Test
    public void fiftyWaitsShareTheirListsAndTheirRefresh() throws Exception {
        play.argo.rewrite(ArgoCdPlayback.FIRST, play.tip());
        play.argo.set(ArgoCdPlayback.APP, "01-created-not-reconciled");
        for (int i = 0; i < 50; i++) {
            play.await(play.tip());
        }
        assertThat(WaitRegistry.get().size(), is(50));
        play.step();
        int lists = (int) play.argo.count("/applications?projects=");
        play.step();
        assertThat(play.argo.count("/applications?projects=") - lists, is(2L));
        assertThat(play.argo.count("refresh=normal"), is(1L));
        play.argo.set(ArgoCdPlayback.APP, "05-synced-healthy-refresh-normal");
        List<Verdict> ends = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            ends.add(play.end());
        }
        assertThat(ends, everyItem(instanceOf(Verdict.Live.class)));
        assertThat(play.argo.count("refresh=normal"), is(1L));
    }

    @Test
    public void everyRequestNamesTheProjectAndNoneShowsTheToken() throws Exception {
        play.argo.rewrite(ArgoCdPlayback.FIRST, play.tip());
        play.argo.set(ArgoCdPlayback.APP, "01-created-not-reconciled");
        play.await(play.tip());
        play.step();
        play.step();
        play.step();
        assertThat(
                play.argo.requests.stream()
                        .filter(r -> !r.contains("project=shop") && !r.contains("projects=shop"))
                        .toList(),
                is(List.of()));
        assertThat(play.refreshes(), is(1L));
        assertThat(play.argo.requests, everyItem(not(containsString(FakeArgoCd.TOKEN))));
    }
}
