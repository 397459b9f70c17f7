package io.jenkins.plugins.gitops.core.git;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.core.git.ChildWriter.Death;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.junit.Rule;
import org.junit.Test;

/** A thousand changes by four processes to the same eight files, while another program pushes five times a second. */
public class ProcessRacesTest {
    private static final int PROCESSES = 4;
    private static final int CHANGES = 250;
    private static final int IN_FLIGHT = 16;
    private static final int MILLIS_BETWEEN_FOREIGN_PUSHES = 200;

    @Rule
    public final ServedRepository served = new ServedRepository();

    private final List<ReceiveCommand> moves = Collections.synchronizedList(new ArrayList<>());
    private final List<String> foreign = Collections.synchronizedList(new ArrayList<>());

    @Test
    public void everyChangeLandsOnceAndIsReportedCorrectly() throws Exception {
        String start = served.tip();
        served.server().setHook(new GitServerHook() {
            @Override
            public void onPush(String repository, List<ReceiveCommand> commands) {
                moves.addAll(commands);
            }
        });
        WorkTreeClone other = served.other();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        Future<?> pushing = clock.scheduleWithFixedDelay(
                () -> pushAsSomebodyElse(other), 0, MILLIS_BETWEEN_FOREIGN_PUSHES, TimeUnit.MILLISECONDS);
        Map<String, String> told = runProcesses();
        pushing.cancel(false);
        clock.shutdown();
        assertThat(clock.awaitTermination(1, TimeUnit.MINUTES), is(true));

        List<CommitInfo> commits = served.commits();
        Map<String, String> landed = new HashMap<>();
        for (CommitInfo commit : commits) {
            for (String operation : commit.trailers().all(Trailers.OPERATION)) {
                assertThat(operation, landed.put(operation, "true " + commit.revision()) == null, is(true));
            }
        }
        assertThat(landed.size(), is(PROCESSES * CHANGES));
        assertThat("each was told the commit that is there", told, is(landed));
        assertThat(sumOfFiles(), is(PROCESSES * CHANGES));
        List<String> revisions = commits.stream().map(CommitInfo::revision).toList();
        assertThat(revisions, hasItems(foreign.toArray(String[]::new)));
        assertThat(foreign.size(), greaterThan(0));
        assertThat(commits.size(), is(1 + PROCESSES * CHANGES + foreign.size()));
        assertNeverForced(start);
        assertThat("changes went together", moves.size(), lessThan(PROCESSES * CHANGES));
    }

    private Map<String, String> runProcesses() throws Exception {
        List<Future<Map<String, String>>> outputs = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            Process process = ChildWriter.start(new ChildWriter.WriterTask(
                    served.folder().resolve("cache-" + i),
                    served.url(),
                    "main",
                    "process-" + i + "/",
                    CHANGES,
                    IN_FLIGHT,
                    Death.NEVER));
            outputs.add(served.writers().submit(() -> ChildWriter.told(process)));
        }
        Map<String, String> told = new HashMap<>();
        for (Future<Map<String, String>> output : outputs) {
            told.putAll(output.get(3, TimeUnit.MINUTES));
        }
        return told;
    }

    private void pushAsSomebodyElse(WorkTreeClone other) {
        try {
            other.update();
            other.write("foreign", String.valueOf(foreign.size())).commit("Foreign " + foreign.size());
            other.push(false);
            foreign.add(other.tip());
        } catch (Exception e) {
            // Lost the race; tries again in the next round.
        }
    }

    private int sumOfFiles() throws IOException {
        int sum = 0;
        for (int i = 0; i < ChildWriter.FILES; i++) {
            sum += Integer.parseInt(served.read("counters/c" + i));
        }
        return sum;
    }

    /** Requires that each push started at the end of the previous one, and added only commits with one parent. */
    private void assertNeverForced(String start) throws IOException {
        Map<String, String> steps = new HashMap<>();
        moves.forEach(move -> steps.put(move.getOldId().name(), move.getNewId().name()));
        assertThat("no two from the same place", steps.size(), is(moves.size()));
        String end = start;
        for (int i = 0; i < moves.size(); i++) {
            end = steps.get(end);
        }
        assertThat(end, is(served.tip()));
        assertThat(moves.stream().map(ReceiveCommand::getType).toList(), everyItem(is(ReceiveCommand.Type.UPDATE)));
        try (Repository repository = new FileRepositoryBuilder()
                        .setGitDir(served.bare().toFile())
                        .build();
                RevWalk walk = new RevWalk(repository)) {
            walk.markStart(walk.parseCommit(ObjectId.fromString(end)));
            walk.markUninteresting(walk.parseCommit(ObjectId.fromString(start)));
            for (RevCommit commit : walk) {
                assertThat(commit.getParentCount(), is(1));
            }
        }
    }
}
