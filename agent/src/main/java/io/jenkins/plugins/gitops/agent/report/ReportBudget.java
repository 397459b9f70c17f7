package io.jenkins.plugins.gitops.agent.report;

import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.ReportSanitizer;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Divides statuses into pages of limited size. If they do not fit, the largest statuses are reduced first, so that an
 * application with many details does not affect the others. If that is not enough, applications are omitted, beginning
 * with those that are Synced and Healthy.
 */
final class ReportBudget {
    /** In bytes of one application, which normally needs well below 1 KiB. */
    static final int MAX_APPLICATION = 32 * 1024;
    /** In bytes of a report without its applications. */
    private static final int ENVELOPE = 1024;
    /** The minimum number of applications of the maximum size that fit on a page. */
    private static final int MIN_PER_PAGE = 4;

    private final int maxPages;
    private final int page;
    private final int application;
    private final String since;

    /** @param omitted how many applications are on no page */
    record Division(List<List<ApplicationStatus>> pages, int reduced, int omitted) {}

    /** A status at the lowest level at which it fits. */
    private static final class FittedStatus {
        private final ApplicationStatus full;
        private int level;
        private ApplicationStatus status;
        private int size;

        FittedStatus(ApplicationStatus full, String since) {
            this.full = ReportSanitizer.truncate(full);
            set(0, since);
        }

        private void set(int newLevel, String since) {
            level = newLevel;
            status = ReducedStatus.of(full, level, since);
            size = ReportVerifier.format(status).length + 1;
        }

        /** Returns false if the status cannot be reduced further. */
        boolean reduce(String since) {
            if (level == ReducedStatus.MAX_LEVEL) {
                return false;
            }
            set(level + 1, since);
            return true;
        }

        boolean isWell() {
            return SyncState.of(full.sync()) == SyncState.SYNCED && Health.of(full.health()) == Health.HEALTHY;
        }
    }

    /**
     * @param maxPages the maximum number of pages that the receiver accepts, 1 or more
     * @param pageBytes the maximum size of a page in bytes, including the envelope
     * @param since when reports first had to be reduced, for the reduced statuses
     */
    ReportBudget(int maxPages, int pageBytes, String since) {
        this.maxPages = maxPages;
        this.page = pageBytes - ENVELOPE;
        this.application = Math.min(MAX_APPLICATION, page / MIN_PER_PAGE);
        this.since = since;
    }

    /** Keeps the order of the statuses; returns at least one page. */
    Division divide(Collection<ApplicationStatus> statuses) {
        List<FittedStatus> entries = new ArrayList<>();
        for (ApplicationStatus status : statuses) {
            FittedStatus fittedStatus = new FittedStatus(status, since);
            while (fittedStatus.size > application && fittedStatus.reduce(since)) {
                // Each call reduces the size.
            }
            if (fittedStatus.size <= application) {
                entries.add(fittedStatus);
            }
        }
        // Up to the size of one application may remain unused at the end of a page.
        long room = (long) page * maxPages - (long) application * (maxPages - 1);
        long total = reduce(entries, room);
        leaveOut(entries, total - room);
        int reduced = (int) entries.stream().filter(e -> e.level > 0).count();
        return new Division(pages(entries), reduced, statuses.size() - entries.size());
    }

    private long reduce(List<FittedStatus> entries, long room) {
        long total = entries.stream().mapToLong(e -> e.size).sum();
        if (total <= room) {
            return total;
        }
        PriorityQueue<FittedStatus> largest = new PriorityQueue<>(Comparator.comparingInt((FittedStatus e) -> -e.size));
        largest.addAll(entries);
        while (total > room && !largest.isEmpty()) {
            FittedStatus fittedStatus = largest.remove();
            total -= fittedStatus.size;
            if (fittedStatus.reduce(since)) {
                largest.add(fittedStatus);
            }
            total += fittedStatus.size;
        }
        return total;
    }

    private static void leaveOut(List<FittedStatus> entries, long bytes) {
        long left = bytes;
        for (boolean well : new boolean[] {true, false}) {
            for (int i = entries.size() - 1; i >= 0 && left > 0; i--) {
                if (entries.get(i).isWell() == well) {
                    left -= entries.remove(i).size;
                }
            }
        }
    }

    private List<List<ApplicationStatus>> pages(List<FittedStatus> entries) {
        List<List<ApplicationStatus>> pages = new ArrayList<>();
        List<ApplicationStatus> current = new ArrayList<>();
        int size = 0;
        for (FittedStatus fittedStatus : entries) {
            if (size + fittedStatus.size > page) {
                pages.add(current);
                current = new ArrayList<>();
                size = 0;
            }
            current.add(fittedStatus.status);
            size += fittedStatus.size;
        }
        pages.add(current);
        return pages;
    }
}
