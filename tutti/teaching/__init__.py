"""Teaching in schools: allocations, pupils, lessons, registers, reasons, the monthly summary. No money lives here."""
