package io.jenkins.plugins.gitops.core.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The received pages of one report, in order and without gaps. Immutable.
 *
 * @param pages at least one
 */
record PartialReport(List<Report> pages) {
    PartialReport {
        pages = List.copyOf(pages);
    }

    /** Starts a report with its first page. */
    static PartialReport of(Report first) {
        return new PartialReport(List.of(first));
    }

    private Report last() {
        return pages.get(pages.size() - 1);
    }

    /** Whether a page is the next one of the same report. */
    boolean isContinuedBy(Report next) {
        Report last = last();
        return next.instance().equals(last.instance())
                && next.sequence() == last.sequence() + 1
                && next.effectivePage().count() == last.effectivePage().count()
                && next.effectivePage().index() == last.effectivePage().index() + 1;
    }

    /** Whether a first page is older than the received pages, so that it does not start a new report. */
    boolean isAfter(Report first) {
        return first.instance().equals(last().instance()) && first.sequence() <= last().sequence();
    }

    PartialReport with(Report next) {
        List<Report> all = new ArrayList<>(pages);
        all.add(next);
        return new PartialReport(all);
    }

    boolean isComplete() {
        return last().effectivePage().index() == last().effectivePage().count();
    }

    /** The complete report, with the sequence of its last page and the applications of all pages. */
    Report assembled() {
        Report last = last();
        return new Report(
                last.instance(),
                last.startedAt(),
                last.sequence(),
                last.intervalSeconds(),
                pages.stream().flatMap(page -> page.applications().stream()).toList(),
                last.readOnly(),
                null,
                last.omitted());
    }
}
