package io.jenkins.plugins.gitops.agent.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.Test;

public class ReportBudgetTest {
    private static final String NOW = "2026-01-01T10:00:00Z";
    private static final String OPERATION_STARTED = "2026-01-01T09:00:00Z";

    @Test
    public void reportThatFitsIsUnchanged() {
        List<ApplicationStatus> all = List.of(well("a"), failing("b", "why"));
        assertThat(divide(1, ReportVerifier.MAX_BODY, all), is(new ReportBudget.Division(List.of(all), 0, 0)));
        assertThat(divide(1, ReportVerifier.MAX_BODY, List.of()).pages(), is(List.of(List.of())));
    }

    @Test
    public void onlyTheLargestApplicationLosesDetails() {
        ApplicationStatus huge = failing("huge", "\uffff\u4e00".repeat(500_000));
        ReportBudget.Division division = divide(1, ReportVerifier.MAX_BODY, List.of(well("a"), huge, well("b")));
        List<ApplicationStatus> page = division.pages().get(0);
        assertThat(page.get(0), is(well("a")));
        assertThat(page.get(2), is(well("b")));
        assertThat(page.get(1).name(), is("huge"));
        assertThat(page.get(1).conditions().get(0).type(), is(ReducedStatus.CONDITION));
        assertThat(page.get(1).conditions().get(0).at(), is(NOW));
        assertThat(bytes(page.get(1)), lessThanOrEqualTo(ReportBudget.MAX_APPLICATION));
        assertThat(division.reduced(), is(1));
        assertThat(division.omitted(), is(0));
    }

    @Test
    public void reportOfManyFailuresKeepsEveryState() {
        List<ApplicationStatus> all = new ArrayList<>(wells(974));
        IntStream.range(0, 26).forEach(i -> all.add(failing("failing-" + i, "no quota left ".repeat(70))));
        ReportBudget.Division division = divide(1, ReportVerifier.MAX_BODY, all);
        assertThat(division.omitted(), is(0));
        assertThat(division.pages().size(), is(1));
        assertFits(division, ReportVerifier.MAX_BODY);
        for (int i = 0; i < all.size(); i++) {
            assertThat(decisive(division.pages().get(0).get(i)), is(decisive(all.get(i))));
        }
    }

    @Test
    public void tenThousandFailingApplicationsFitIntoPagesInOrder() {
        List<ApplicationStatus> all = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            all.add(failing("application-" + i, "quota"));
        }
        ReportBudget.Division division = divide(Report.Page.MAX, ReportVerifier.MAX_BODY, all);
        assertThat(division.omitted(), is(0));
        assertThat(division.pages().size(), lessThanOrEqualTo(Report.Page.MAX));
        assertFits(division, ReportVerifier.MAX_BODY);
        assertThat(
                division.pages().stream()
                        .flatMap(List::stream)
                        .map(ApplicationStatus::name)
                        .toList(),
                is(all.stream().map(ApplicationStatus::name).toList()));
    }

    @Test
    public void healthyApplicationsAreDroppedFirstWhenStatesDoNotFit() {
        List<ApplicationStatus> all = new ArrayList<>(wells(5000));
        all.add(failing("failing", "why"));
        ReportBudget.Division division = divide(1, ReportVerifier.MAX_BODY, all);
        List<ApplicationStatus> page = division.pages().get(0);
        assertThat(page.size() + division.omitted(), is(5001));
        assertThat(division.omitted() > 0, is(true));
        assertThat(page.get(page.size() - 1).name(), is("failing"));
        assertFits(division, ReportVerifier.MAX_BODY);
    }

    @Test
    public void smallPageLimitIsRespected() {
        List<ApplicationStatus> all =
                List.of(failing("a", "x".repeat(9000)), failing("b", "y".repeat(9000)), well("c"));
        for (int size = 64 * 1024; size <= ReportVerifier.MAX_BODY; size *= 2) {
            for (int pages : new int[] {1, 2, Report.Page.MAX}) {
                ReportBudget.Division division = divide(pages, size, all);
                assertThat(division.pages().size(), lessThanOrEqualTo(pages));
                assertThat(division.omitted(), is(0));
                assertFits(division, size);
            }
        }
    }

    /** An incomplete list of running images would imply that the others do not run. */
    @Test
    public void runningImagesAreCompleteOrUnknown() {
        ApplicationStatus failing = failing("a", "why");
        for (int level = 0; level <= ReducedStatus.MAX_LEVEL; level++) {
            ApplicationStatus reduced = ReducedStatus.of(failing, level, NOW);
            List<Report.RunningImage> running = reduced.details().running();
            assertThat(running == null ? 50 : running.size(), is(50));
            assertThat(json(reduced).contains("digests"), is(level == 0));
            assertThat(reduced.details().outdated(), is("old"));
            assertThat(reduced.details().blocked(), is("blocked"));
            assertThat(reduced.details().overrides().isEmpty(), is(false));
            assertThat(bytes(reduced) < bytes(failing) || level == 0, is(true));
        }
        assertThat(json(ReducedStatus.of(failing, 3, NOW)), not(containsString("Deployment")));
    }

    private static void assertFits(ReportBudget.Division division, int bytes) {
        for (List<ApplicationStatus> page : division.pages()) {
            Report report =
                    new Report("i".repeat(36), NOW, Long.MAX_VALUE, 3600, page, true, new Report.Page(31, 32), 9999);
            assertThat(ReportVerifier.format(report).length, lessThanOrEqualTo(bytes));
        }
    }

    /** Returns the fields that decide how a change ends. */
    private static List<Object> decisive(ApplicationStatus s) {
        return List.of(
                s.name(),
                s.sync(),
                s.health(),
                s.comparedRevision(),
                s.operation() == null ? "" : s.operation().phase());
    }

    private static ReportBudget.Division divide(int pages, int bytes, List<ApplicationStatus> all) {
        return new ReportBudget(pages, bytes, NOW).divide(all);
    }

    private static int bytes(ApplicationStatus status) {
        return ReportVerifier.format(status).length;
    }

    private static String json(ApplicationStatus status) {
        return new String(ReportVerifier.format(status), StandardCharsets.UTF_8);
    }

    private static List<ApplicationStatus> wells(int count) {
        return IntStream.range(0, count).mapToObj(i -> well("application-" + i)).toList();
    }

    private static ApplicationStatus well(String name) {
        return status(name, "Synced", "Healthy", null, List.of(), List.of("ghcr.io/myorg/app:1"), List.of(), null);
    }

    /** Returns a status with everything that an agent may report about one application, each with this text. */
    private static ApplicationStatus failing(String name, String text) {
        return status(
                name,
                "OutOfSync",
                "Degraded",
                new Report.OperationState("Failed", "a".repeat(40), OPERATION_STARTED, NOW, 3, text),
                Collections.nCopies(
                        20, new Report.ResourceStatus("Deployment", "shop", "web", "OutOfSync", "Degraded", text)),
                Collections.nCopies(50, "ghcr.io/myorg/" + text),
                List.of(new ApplicationCondition("SyncError", text, "a".repeat(40), NOW)),
                new Report.Details(
                        "main",
                        "blocked",
                        "old",
                        Collections.nCopies(
                                50,
                                new Report.RunningImage(
                                        "web:" + text, "Deployment shop/web", false, text, List.of("sha256:a"))),
                        List.of(new Report.LiveOverride("spec", text))));
    }

    private static ApplicationStatus status(
            String name,
            String sync,
            String health,
            Report.OperationState operationState,
            List<Report.ResourceStatus> resources,
            List<String> images,
            List<ApplicationCondition> conditions,
            Report.Details details) {
        return new ApplicationStatus(
                name,
                "https://git.example.com/gitops-platform.git",
                "services/" + name + "/overlays/production",
                "a".repeat(40),
                "b".repeat(40),
                sync,
                health,
                operationState,
                images,
                resources,
                null,
                NOW,
                null,
                false,
                false,
                conditions,
                details);
    }
}
