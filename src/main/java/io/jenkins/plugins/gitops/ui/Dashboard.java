package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsUrls;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.delivery.Environment;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.reconcile.DriftMonitor;
import io.jenkins.plugins.gitops.repository.TargetStates;
import io.jenkins.plugins.gitops.status.StatusSources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * One page of the dashboard, created for one request from the state in memory; never blocks. Links are relative to the
 * root of Jenkins, without a leading slash.
 *
 * @param query of the user, with a nonexistent repository or page replaced by the one that is shown
 * @param repositories names of all configured repositories
 * @param revision the displayed revision of the repository; null while nothing has been read
 * @param problem why the state is outdated or missing; null when it is up to date
 * @param warnings about rules that were recently removed from the policy, one line each
 * @param environments the columns, in promotion order
 * @param rows the applications of this page, by name
 * @param matching number of matching applications on all pages
 * @param attention number of applications of the repository that need attention, regardless of the filter
 * @param pages number of pages, at least 1
 */
@Restricted(NoExternalUse.class)
public record Dashboard(
        DashboardQuery query,
        List<String> repositories,
        @CheckForNull String revision,
        @CheckForNull String problem,
        List<String> warnings,
        List<String> environments,
        List<Row> rows,
        int matching,
        int attention,
        int pages,
        List<AgentRow> agents,
        List<PendingPromotions.PendingPromotion> approvals,
        BuildLinks links,
        Instant now) {
    static final int PAGE_SIZE = 100;

    /**
     * One application.
     *
     * @param cells one for each environment; null where the application has no target
     */
    @Restricted(NoExternalUse.class)
    public record Row(String application, List<Cell> cells) {
        boolean attention() {
            return cells.stream().map(Cell::target).filter(Objects::nonNull).anyMatch(TargetCell::attention);
        }
    }

    /** @param target null where the application has no target in this environment */
    @Restricted(NoExternalUse.class)
    public record Cell(String environment, @CheckForNull TargetCell target) {}

    /**
     * The page for a query. Shows the first repository if the requested one does not exist, and the last page if the
     * requested one does not.
     */
    static Dashboard of(DashboardQuery query, RecentCommits recent, Instant now) {
        List<RepositoryConfiguration> configured = GitopsConfiguration.get().getRepositories();
        List<String> names =
                configured.stream().map(RepositoryConfiguration::getName).toList();
        RepositoryConfiguration repository = configured.stream()
                .filter(r -> r.getName().equals(query.repository()))
                .findFirst()
                .orElse(configured.isEmpty() ? null : configured.get(0));
        TargetStates.RepositoryState state =
                repository == null ? null : TargetStates.get().of(repository).orElse(null);
        String shown = repository == null ? null : repository.getName();
        List<String> environments = state == null ? List.of() : environments(state);
        List<Row> all = state == null ? List.of() : rows(repository, state, environments, recent, now);
        List<Row> matching = all.stream().filter(row -> matches(row, query)).toList();
        int pages = Math.max(1, (matching.size() + PAGE_SIZE - 1) / PAGE_SIZE);
        int page = Math.min(query.page(), pages);
        return new Dashboard(
                new DashboardQuery(shown, query.filter(), query.attention(), page),
                names,
                state == null ? null : state.revision(),
                state == null ? null : state.problem(),
                state == null ? List.of() : state.warnings(),
                environments,
                matching.subList((page - 1) * PAGE_SIZE, Math.min(matching.size(), page * PAGE_SIZE)),
                matching.size(),
                (int) all.stream().filter(Row::attention).count(),
                pages,
                AgentRow.all(now),
                PendingPromotions.get().pending(),
                new BuildLinks(),
                now);
    }

    private static List<String> environments(TargetStates.RepositoryState state) {
        Set<String> names = new LinkedHashSet<>();
        state.environments().stream().map(Environment::name).forEach(names::add);
        state.targets().forEach(t -> names.add(t.target().environment()));
        return List.copyOf(names);
    }

    private static List<Row> rows(
            RepositoryConfiguration repository,
            TargetStates.RepositoryState state,
            List<String> environments,
            RecentCommits recent,
            Instant now) {
        Map<String, Optional<RecentCommits.Ages>> ages = new HashMap<>();
        Function<Target, List<AgentSnapshot>> snapshots = StatusSources.snapshots(repository, now);
        Map<String, Map<String, TargetCell>> byApplication = new LinkedHashMap<>();
        for (TargetStates.TargetState desired : state.targets()) {
            RepositoryConfiguration branch =
                    repository.onBranch(desired.target().environmentBranch());
            TargetCell cell = TargetCell.of(
                    desired,
                    snapshots.apply(desired.target()),
                    ages.computeIfAbsent(branch.getBranch(), name -> ages(branch, recent))
                            .orElse(null),
                    DriftMonitor.get().of(repository, desired.target()));
            byApplication
                    .computeIfAbsent(desired.target().application(), a -> new LinkedHashMap<>())
                    .putIfAbsent(desired.target().environment(), cell);
        }
        List<Row> rows = new ArrayList<>(byApplication.size());
        byApplication.forEach((application, cells) -> rows.add(new Row(
                application,
                environments.stream().map(e -> new Cell(e, cells.get(e))).toList())));
        return rows;
    }

    private static Optional<RecentCommits.Ages> ages(RepositoryConfiguration branch, RecentCommits recent) {
        return TargetStates.get()
                .ofBranch(branch)
                .map(TargetStates.RepositoryState::revision)
                .map(revision -> recent.of(branch, revision));
    }

    private static boolean matches(Row row, DashboardQuery query) {
        return (!query.attention() || row.attention())
                && row.application()
                        .toLowerCase(Locale.ROOT)
                        .contains(query.filter().toLowerCase(Locale.ROOT));
    }

    /** 1-based number of the first application of this page; 0 when there is none. */
    public int first() {
        return rows.isEmpty() ? 0 : (query.page() - 1) * PAGE_SIZE + 1;
    }

    /** 1-based number of the last application of this page. */
    public int last() {
        return first() + Math.max(0, rows.size() - 1);
    }

    /** Link to the previous page; null on the first. */
    @CheckForNull
    public String previous() {
        return query.page() > 1
                ? GitopsUrls.dashboard(query.at(query.page() - 1).toUrl())
                : null;
    }

    /** Link to the next page; null on the last. */
    @CheckForNull
    public String next() {
        return query.page() < pages
                ? GitopsUrls.dashboard(query.at(query.page() + 1).toUrl())
                : null;
    }

    /** Link to another repository. */
    public String urlOf(String repository) {
        return GitopsUrls.dashboard(DashboardQuery.start(repository).toUrl());
    }

    /** Link to this page. */
    public String url() {
        return GitopsUrls.dashboard(query.toUrl());
    }

    /** Link to the page that checks the repository. */
    public String checkUrl() {
        return GitopsUrls.check(query.repository());
    }

    /** Link to the page of a target, with its history. */
    public String targetUrl(String application, String environment) {
        return GitopsUrls.target(query.repository(), application, environment);
    }

    /**
     * The commit that set the images of a target; null when unknown. Created on demand, since only one page of targets
     * is shown.
     */
    @CheckForNull
    public LastChange line(TargetCell cell) {
        CommitInfo change = cell.change();
        return change == null ? null : LastChange.of(change, links, now);
    }

    /** Identifies the pending requests and their versions: when it changes, the forms on a page are out of date. */
    public String approvalsVersion() {
        return approvals.stream()
                .map(p -> p.request().getId() + ":" + p.request().getVersion())
                .collect(Collectors.joining(","));
    }

    /** Whether a filter is active. */
    public boolean isFiltered() {
        return query.attention() || !query.filter().isEmpty();
    }
}
